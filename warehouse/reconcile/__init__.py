"""
Reconcile a written report with itself and the warehouse.

    parse/                  document, figures, instants and statements of a Markdown text
    rules/                  one function per identity between figures, and its checks
    findings                the result of each figure
    kpi_aliases             the KPI of the warehouse that a name stands for
    published_figures       the figures of the warehouse
    compare_with_warehouse  the differences to the warehouse

A figure that is not understood is never a finding.
"""
