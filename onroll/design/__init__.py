"""Components: forms, tables, tags, timelines and pictures, after govuk-frontend.

A page extends `design/layout.html` (blocks title, width, back, page_head, content, main_class, head;
`{% block width %}onroll--narrow{% endblock %}` for reading and forms) and says `{% load design %}`:

    words      day day_short day_in_term weekday length_of_time length_of_time_short number count_of percent
               part_of_whole (filters; the same as functions in design.words)
    page       page_head · page_head_with · back_link · breadcrumbs · notice · error_summary
    forms      design.forms: GovukForm FilterForm Look GovukDateField GovukOneBoxDateField; button · actions · fieldset
    tables     design.tables: Table Column Cell GroupRow TickedRow, drawn by {% table %}; tag
"""
