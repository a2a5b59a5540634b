import pytest

from assistant.contraries import compare_sides, compare_units


@pytest.mark.parametrize(
    ("english", "arabic", "difference"),
    [
        ("Fewer than 100 died.", "قتل أكثر من 100 شخص.", ("fewer than", "more than")),
        ("More than 100 died.", "قتل أقل من 100 شخص.", ("more than", "fewer than")),
        ("At least 100 died.", "قتل ما لا يقل عن 100 شخص.", None),
        ("Some as young as 11 came.", "لا يتجاوز عمر بعضهم 11 عاما.", None),
        ("Prices fell by 5 percent.", "ارتفعت الأسعار بنسبة 5 في المئة.", ("fell", "rose")),
        ("Prices rose by 5 percent.", "ارتفعت الأسعار بنسبة 5 في المئة.", None),
        ("Prices rose, then fell.", "ارتفعت الأسعار.", None),
        ("It was over.", "انتهى الأمر في أقل من يوم.", None),
    ],
)
def test_on_which_side_of_a_scale_they_stand(
    english: str, arabic: str, difference: tuple[str, str] | None
) -> None:
    assert compare_sides(english, arabic) == difference


@pytest.mark.parametrize(
    ("english", "arabic", "difference"),
    [
        ("It lasted two months.", "استمرت سنتين.", ("months", "years")),
        ("It lasted two years.", "استمرت سنتين.", None),
        ("It lasted three days.", "استمرت ثلاثة أسابيع.", ("days", "weeks")),
        ("He got one month in prison.", "حكم عليه بالسجن ليوم واحد.", ("months", "days")),
        ("A 48-hour truce began on Sunday.", "بدأت هدنة من يومين يوم الأحد.", ("hours", "days")),
        ("The 12-month plan was told on Sunday.", "أعلنت خطة العام يوم الأحد.", None),
        ("It began in 2017.", "بدأ ذلك في عام 2017.", None),
        ("He was 20 years old.", "كان في العشرين من عمره.", None),
    ],
)
def test_in_what_unit_of_time_they_count(
    english: str, arabic: str, difference: tuple[str, str] | None
) -> None:
    assert compare_units(english, arabic) == difference
