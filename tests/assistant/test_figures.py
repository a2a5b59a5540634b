"""Figures of Arabic sentences, read by hand."""

import pytest

from assistant.figures import (
    Figure,
    differ,
    find_figures,
    locate_figures,
    show_value,
    stem_noun,
)


def read(text: str) -> list[tuple[float, str, str]]:
    return [(f.value, f.noun, f.bound) for f in find_figures(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "قتل 12 شخصا وأصيب 30 آخرون في انفجار بطرابلس.",
            [(12, "people killed", "exactly"), (30, "people injured", "exactly")],
        ),
        ("عدد المضربين لم يتجاوز 620 عاملا", [(620, "workers", "at most")]),
        ("لم تزد على 40 مدرسة", [(40, "schools", "at most")]),
        ("لم يقل عن 30 جنديا", [(30, "soldiers", "at least")]),
        ("أسفر عن مقتل خمسة عشر شخصا.", [(15, "people killed", "exactly")]),
        ("ما لا يقل عن أحد عشر قتيلا", [(11, "people killed", "at least")]),
        ("ارتفع عدد قتلى الفيضانات في المدينة إلى 21 شخصا", [(21, "people killed", "exactly")]),
        ("بلغت حصيلة المصابين نحو 30 شخصا", [(30, "people injured", "about")]),
        ("وبلغ عدد القتلى في المدينة 21 شخصا", [(21, "people killed", "exactly")]),
        ("إن 52 شخصا أصيبوا، بينهم أطفال", [(52, "people injured", "exactly")]),
        ("إن 14 شخصا على الأقل قتلوا", [(14, "people killed", "exactly")]),
        ("إن 9 أشخاص على الأقل لقوا حتفهم", [(9, "people killed", "exactly")]),
        ("إن 9 أشخاص لقوا ترحيبا", [(9, "people", "exactly")]),
        ("ارتفع عدد الجرحى، وأنقذ 12 شخصا", [(12, "people", "exactly")]),
        ("دمر الزلزال خمسة وعشرين منزلا", [(25, "houses", "exactly")]),
        ("نزوح نحو ٣ آلاف عائلة", [(3000, "families", "about")]),
        ("قرض قيمته 1.2 مليار دولار", [(1.2e9, "dollars", "exactly")]),
        ("ارتفع التضخم بنسبة 5.5 في المئة", [(5.5, "percent", "exactly")]),
        ("استدعاء 40 مدرسا", [(40, "teachers", "exactly")]),
    ],
)
def test_a_number_is_read_with_what_it_counts(
    text: str, expected: list[tuple[float, str, str]]
) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "في 11 يونيو 2021 على الساعة 10 صباحا",
        "القرار 2334 الصادر عن مجلس الأمن",
        "ثلاثة ملايين وخمسمئة ألف ناخب",
        "بين 3 و5 جنود",
        "فاز الفريق 2-1",
        "منذ عام 2011",
    ],
)
def test_what_isn_t_surely_a_count_is_left_alone(text: str) -> None:
    assert read(text) == []


def test_people_who_are_arrested_near_a_killing_aren_t_killed() -> None:
    assert read("بعد مقتل الزعيم جرى توقيف 12 شخصا") == [(12, "people", "exactly")]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((12, "exactly"), (15, "exactly"), True),
        ((12, "exactly"), (12, "exactly"), False),
        ((10, "at least"), (12, "exactly"), False),
        ((15, "at least"), (12, "exactly"), True),
        ((12, "at least"), (15, "at least"), True),
        ((20, "at most"), (12, "exactly"), False),
        ((10, "at most"), (12, "exactly"), True),
        ((10, "at most"), (12, "at least"), False),
        ((1000, "about"), (1050, "exactly"), False),
        ((1000, "about"), (1500, "exactly"), True),
        ((1.2e6, "exactly"), (1.234e6, "exactly"), False),
    ],
)
def test_figures_differ_where_both_can_t_be_right(
    one: tuple[float, str], other: tuple[float, str], expected: bool
) -> None:
    pair = [Figure(v, "n", "n", bound, frozenset()) for v, bound in (one, other)]  # type: ignore[arg-type]
    assert differ(*pair) is expected
    assert differ(*reversed(pair)) is expected


def test_forms_of_a_noun_are_one_and_values_are_written_in_english() -> None:
    assert len({stem_noun(word) for word in ("قتيل", "قتيلا", "قتلي")}) == 1
    assert len({stem_noun(word) for word in ("جندي", "جنود", "جنديا")}) == 1
    assert (show_value(1.2e9), show_value(5.5)) == ("1,200,000,000", "5.5")


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("استقبل 300 جندي وخمسة وعشرين أسرة.", ["300 جندي", "وخمسة وعشرين أسرة"]),
        ("بلغ 20% من الناس و30 في المائة من المال.", ["20%", "30 في المائة"]),
        ("مقتل 12 شخصا وإصابة 30.", ["12 شخصا", "30"]),
        ("عشرة من الجنود في الصف.", ["عشرة من الجنود"]),
        ("عام 2020 لا يعد.", []),
    ],
)
def test_a_figure_is_located_with_its_noun(text: str, spans: list[str]) -> None:
    located = locate_figures(text)
    assert [text[s.start : s.end] for _, s in located] == spans
    assert [figure for figure, _ in located] == find_figures(text)


def test_nouns_whose_stems_are_alike_are_told_apart() -> None:
    (vehicles,) = find_figures("دفعت الحماية المدنية بـ12 سيارة إطفاء")
    (families,) = find_figures("شرد الحريق 12 أسرة")
    assert (vehicles.noun, families.noun) == ("vehicles", "families")
    assert vehicles.counted != families.counted
