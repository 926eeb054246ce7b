"""Known contradictions of the year, its report style and its wording."""

from __future__ import annotations

# What contradicts itself: line, what it says, what follows from the rest of it.
CONTRADICTIONS = [
    (7, "+8", "+7"),
    (44, "Q2", "Q3"),
    (45, "Q2", "Q3"),
    (92, "14", "5"),
    (93, "10", "5"),
    (96, "87.5%", "50%"),
    (115, "~17 hours", "20.8 hours"),
    (115, "~7 hours", "8.3 hours"),
    (136, "+56 percentage points", "+47.5 percentage points"),
    (154, "700%+", "697.4%"),
]
# What follows from the dates of the rows, over all of a year's: line, what is said, what is.
DIFFERENCES = [
    (7, "80%", "95.8%"),
    (8, "80.5%", "92.31%"),
    (10, "37", "12.1"),
    (10, "46", "51.7"),
    (10, "15", "20.2"),
    (11, "75h 43m", "0h 45m"),
    (11, "23h 47m", "9h 50m"),
    (39, "37 days", "12.1 days"),
    (42, "75h 43m", "0h 45m"),
    (59, "46 days", "51.7 days"),
    (77, "15 days", "20.2 days"),
    (152, "80%", "95.8%"),
    (153, "80.5%", "92.31%"),
]
COMPLETION, LEAD_TIME, RECOVERY = (
    *("Project Completion Rate (%)", "Average Lead Time (days)"),
    "Mean Time to Recovery (MTTR)",
)
BY_DATES = "Rows are counted with their reported quarters and values; by date: {}."
DOWN = "Rounded down; to the nearest: {}."
MEAN = "The year is the mean of its quarters as shown; over all its rows: {}."
MEAN_OF_ENDS = "The year is the mean of its quarters as shown; as its last quarter: {}."
BESIDE = [
    (COMPLETION, "Q1 2024", "62%", "62.5%", DOWN.format("63%")),
    (COMPLETION, "Q3 2024", "88%", "88.9%", DOWN.format("89%")),
    (COMPLETION, "Q4 2024", "95%", "95.8%", DOWN.format("96%")),
    (
        *(COMPLETION, "2024", "80%", "95.8%"),
        f"{MEAN_OF_ENDS.format('95.8%')} {DOWN.format('80.8%')}",
    ),
    ("Deployment Schedule Adherence (%)", "2024", "80.5%", "92.3%", MEAN.format("92.3%")),
    (LEAD_TIME, "Q1 2024", "14", "14.8 d", DOWN.format("15")),
    (LEAD_TIME, "Q2 2024", "37", "12.1 d", BY_DATES.format("12")),
    (LEAD_TIME, "Q3 2024", "46", "51.7 d", BY_DATES.format("52")),
    (LEAD_TIME, "Q4 2024", "15", "20.3 d", BY_DATES.format("20")),
    (
        *(LEAD_TIME, "2024", "28", "28.2 d"),
        f"{BY_DATES.format('28.2')} {MEAN.format('28.7')} {DOWN.format('28.3')}",
    ),
    (
        *(RECOVERY, "Q2 2024", "75h 43m", "45 min"),
        f"{BY_DATES.format('0h 45m')} {DOWN.format('75h 44m')}",
    ),
    (RECOVERY, "Q3 2024", "0h 30m", "no data", BY_DATES.format("no data")),
    (
        *(RECOVERY, "Q4 2024", "0h 0m", "no data"),
        "There are no rows to measure, which is shown as zero.",
    ),
    (RECOVERY, "2024", "23h 47m", "9.8 h", f"{BY_DATES.format('9h 50m')} {MEAN.format('49h 19m')}"),
]
# Lines of the manual calculations that state in other words what is printed.
OTHER_WORDS = {
    ("Q1", "  - North River: 3 deployment attempts"): (),
    ("Q1", "  - South Waterworks: Delayed"): (),
    ("Q1", "  - Range: 1-54 days across 9 tasks"): (
        "  - Total: 133 days across 9 tasks",
        "  - Range: 1-54 days",
    ),
    ("Q1", "  - Locker Cloud issue: 2024-03-21 19:22 to 2024-03-22 14:17"): (
        "  - 2024-03-21 19:22 to 2024-03-22 14:17: 18.92h",
    ),
    ("Q2", "  - Lakeside deployments: 14/14 on time"): ("  - Lakeside: 14/14",),
    ("Q2", "- **Test Iterations**: 0 (testing gap identified)"): (
        "- **Test Iterations**: 0",
        "  - testing gap identified",
    ),
    ("Q2", "  - Locker Cloud incidents:"): (),
    ("Q2", "  - 0.75h (quick fix)"): ("  - 0.75h",),
    ("Q3", "  - Badge Lab: 1/1"): ("  - Badge Lab 2.0: 1/1",),
    ("Q3", "  - Harbor server recovery: 2024-08-29 12:34 to 13:04"): (
        "  - 2024-08-29 12:34 to 13:04: 0.5h",
    ),
    ("Q4", "  - Badge Lab: 1/1"): ("  - Badge Lab 2.0: 1/1",),
}
