"""
A hand-written report, read and compared: inside itself and with the warehouse.

    document   sections, lines, lists and tables; markdown: how they are read
    figures    the figures in a text, with unit and precision; moments: its instants
    reading    what a line or a cell says: label, period, name
    checks     a figure beside what it should be, and which rounding explains it
    rules_*    one small function per identity that figures hold to each other
    findings   what became of each figure
    meanings   which KPI of the warehouse a figure is, and what the warehouse has

What is not understood is no alarm.
"""
