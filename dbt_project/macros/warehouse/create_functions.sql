{% macro create_functions() %}
    {#-
      The functions of expressions that DuckDB lacks. Both give null where a part is null.
      workdays_between(a, b): working days after a up to b; null where b is before a, for then one of the days is wrong. It reads whatever is called `workdays` where it is used, so a model that uses it
      begins with a CTE of that name; the empty table is there because DuckDB binds a macro's body when it is made.
      add_months(d, n): the same day n months on, or the month's last.
    #}
    create table if not exists main.workdays (day date, workday_no bigint);
    create or replace macro main.workdays_between(a, b) as (
        case
            when b >= a
            then (select w.workday_no from workdays as w where w.day = b) - (select w.workday_no from workdays as w where w.day = a)
        end
    );
    create or replace macro main.add_months(d, n) as cast(d + to_months(cast(n as integer)) as date);
{% endmacro %}
