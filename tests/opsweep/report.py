"""What came of the cases, as tables: by group, element type, sizes and verdict, and operators that are not wholly right."""

import collections
import json

from cases import sizes_of
from verdicts import NO_MODEL_TO_BLAME, RIGHT, VERDICTS

KEYS = {"group": lambda case: case["group"], "element type": lambda case: case["dtype"], "sizes": sizes_of}


def share(count, total):
    return f"{100 * count / total:.1f} %" if total else "–"


def counts(results, key):
    """{value of the key: Counter of verdicts}, sorted"""
    table = collections.defaultdict(collections.Counter)
    for case, account in results:
        table[key(case)][account["verdict"]] += 1
    return dict(sorted(table.items()))


def right(counter):
    return sum(counter[verdict] for verdict in RIGHT)


def not_answered(counter):
    return sum(counter[verdict] for verdict in NO_MODEL_TO_BLAME)


def row(*cells):
    return f"| {' | '.join(map(str, cells))} |"


def head(first, *columns):
    return [row(first, *columns), row("---", *("---:" for _ in columns))]


def table_by(results, name):
    """Right, refused and wrong of each value; wrong is what was written all the same."""
    lines = head(name, "cases", "right", "share", "refused", "wrong")
    for value, counter in counts(results, KEYS[name]).items():
        total, good, unanswered = counter.total(), right(counter), not_answered(counter)
        lines.append(row(value, total, good, share(good, total), unanswered, total - good - unanswered))
    return lines


def table_of_verdicts(results):
    verdicts = collections.Counter(account["verdict"] for _, account in results)
    doubtful = collections.Counter(a["verdict"] for _, a in results if a.get("reference") == "right")
    lines = head("verdict", "cases", "right by onnx.reference")
    found = [(verdict, meaning) for verdict, meaning in VERDICTS.items() if verdicts[verdict]]
    return lines + [row(f"{verdict}: {meaning}", verdicts[verdict], doubtful[verdict] or "") for verdict, meaning in found]


def by_overload(title, results):
    """Lines of overload, cases that are right, cases, for `fairlead ops --markdown --results`; a case is about each of its own."""
    table = collections.defaultdict(collections.Counter)
    for case, account in results:
        for overload in case["overloads"]:
            table[overload.replace(".", "::", 1)][account["verdict"]] += 1
    lines = [f"# {title}: run_cases.py --overloads"]
    return "\n".join(lines + [f"{name}\t{right(table[name])}\t{table[name].total()}" for name in sorted(table)]) + "\n"


def main_reasons(results):
    """operator → (verdict, detail) that most of its cases have which are not right"""
    reasons = collections.defaultdict(collections.Counter)
    for case, account in results:
        if account["verdict"] not in RIGHT:
            reasons[case["op"]][account["verdict"], account.get("detail", "")] += 1
    return {operator: counter.most_common(1)[0][0] for operator, counter in sorted(reasons.items())}


def cell(text, limit=160):
    """One that Markdown leaves alone."""
    text = text if len(text) <= limit else text[: limit - 1] + "…"
    for mark in "\\|<*_`":
        text = text.replace(mark, f"\\{mark}")
    return text


def markdown(title, results):
    good = sum(account["verdict"] in RIGHT for _, account in results)
    lines = [f"# {title}", "", f"{good} of {len(results)} cases are right ({share(good, len(results))}).", ""]
    for name in KEYS:
        lines += [*table_by(results, name), ""]
    lines += [*table_of_verdicts(results), "", "## Operators that are not wholly right", ""]
    lines += [row("operator", "right", "main reason"), row("---", "---:", "---")]
    by_operator = counts(results, lambda case: case["op"])
    for operator, (verdict, detail) in main_reasons(results).items():
        counter = by_operator[operator]
        lines.append(row(cell(operator), f"{right(counter)}/{counter.total()}", f"{verdict}: {cell(detail)}"))
    return "\n".join(lines) + "\n"


def as_json(head_of_run, results):
    """What the run was, and one line for each case."""
    names = ("selection", "id", "group", "dtype", "form")
    cases = [{**{name: case[name] for name in names}, "sizes": sizes_of(case), **account} for case, account in results]
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    return f'{json.dumps(head_of_run)[:-1]}, "cases": [\n{lines}\n]}}\n'
