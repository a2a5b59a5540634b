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
        ("A tomb of the 2nd century BCE.", "مقبرة من القرن الثاني الميلادي.", ("BC", "AD")),
        ("A tomb of the 2nd century AD.", "مقبرة من القرن الثاني قبل الميلاد.", ("AD", "BC")),
        ("A tomb of the 2nd century BC.", "مقبرة من القرن الثاني قبل الميلاد.", None),
        ("Ten people were injured.", "لقي عشرة أشخاص حتفهم.", ("injured", "killed")),
        ("Ten people died.", "أصيب عشرة أشخاص بجروح.", ("killed", "injured")),
        ("Ten died and five were hurt.", "قتل عشرة أشخاص وأصيب خمسة.", None),
        ("Ten were hurt.", "قتل عشرة أشخاص وأصيب خمسة.", None),
        ("He was hurt.", "قال ذلك في مؤتمر عن المعلومات.", None),
        ("The man lives in Wuhan.", "الرجل مصاب بفيروس.", None),
        ("Two died in the strike.", "توفي اثنان في الإضراب.", None),
        ("Two were hurt in the strike.", "توفي اثنان في الإضراب.", ("injured", "killed")),
        ("A monthly output of 5.", "بطاقة سنوية تبلغ 5.", ("monthly", "annual")),
        ("The daily output in May and June.", "الإنتاج يوميا في شهري مايو ويونيو.", None),
        ("An ad of 2020.", "إعلان من عام 100 قبل الميلاد.", None),
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


@pytest.mark.parametrize(
    ("english", "arabic", "difference"),
    [
        ("3.5 trillion cubic meters", "3.5 تريليون قدم مكعبة", ("metres", "feet")),
        ("3.5 trillion cubic feet", "3.5 تريليون قدم مكعبة", None),
        ("20 square kilometres", "20 كيلومترا مكعبا", ("square", "cubic")),
        ("It is 12 miles away.", "يبعد 12 كيلومترا.", ("miles", "kilometres")),
        ("It is 12km away.", "يبعد 12 كلم.", None),
        ("It is 12 meters away.", "يبعد 12 كيلو متر.", ("metres", "kilometres")),
        ("It is 12 kilometres away.", "يبعد 12 كيلو متر.", None),
        ("They walked 5 kilometres.", "ساروا 5 كيلومترات على الأقدام.", None),
        ("30 tons of flour", "30 كيلوغراما من الطحين", ("tonnes", "kilograms")),
        ("30 kilos of flour", "30 كيلو من الطحين", None),
        ("500,000 litres a day", "500 ألف برميل يوميا", ("litres", "barrels")),
        ("200 hectares of land", "200 فدان من الأراضي", ("hectares", "acres")),
        ("It is 40°F.", "بلغت الحرارة 40 درجة مئوية.", ("Fahrenheit", "Celsius")),
        ("It is 40 degrees Celsius.", "بلغت الحرارة 40 درجة مئوية.", None),
    ],
)
def test_in_what_unit_of_measure_they_count(
    english: str, arabic: str, difference: tuple[str, str] | None
) -> None:
    assert compare_units(english, arabic) == difference


@pytest.mark.parametrize(
    ("english", "arabic", "difference"),
    [
        ("It cost $5 million.", "بلغت كلفته خمسة ملايين يورو.", ("dollars", "euros")),
        ("It cost $5 million.", "بلغت كلفته خمسة ملايين دولار.", None),
        ("It cost €5m.", "بلغت كلفته خمسة ملايين دولار.", ("euros", "dollars")),
        ("It cost 5 million euros.", "بلغت كلفته 5 ملايين يورو (5.5 ملايين دولار).", None),
        ("It cost 5 million euros ($5.5 million).", "بلغت كلفته 5 ملايين يورو.", None),
        ("He paid 300 Kuwaiti dinars.", "دفع 300 درهم.", ("dinars", "dirhams")),
        ("He paid 300 Lebanese pounds.", "دفع 300 ليرة لبنانية.", None),
        ("He paid 300 Turkish lira.", "دفع 300 ليرة تركية.", None),
    ],
)
def test_in_what_currency_they_count(
    english: str, arabic: str, difference: tuple[str, str] | None
) -> None:
    assert compare_units(english, arabic) == difference
