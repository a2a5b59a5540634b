"""What a page prints around an article: the table of furniture lines, and bylines.

Patterns match a whole folded line (`normalize_for_search`, outer punctuation gone), so they
are written in ordinary spelling and hold for every spelling of it. To teach Mujaz a new
one, add it to the group it belongs to; a pattern must be one no sentence of an article
could be, and but for NOTICES a line that reads like a sentence is never taken for one.
Groups differ in where their lines may be cut:

- NOTICES: anywhere, though they read like sentences (comment forms, cookies, copyright).
- ANYWHERE: between paragraphs too (share buttons, adverts).
- LINKS: as ANYWHERE, but never the first line: "Watch: ..." may be the headline itself.
- EDGES: only before the first and after the last body paragraph.
- HEADINGS: as EDGES, and the short lines without a full stop that follow one at the end
  of a page (a list of related headlines, tags, commenters' names) go with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from vectorstore.arabic import normalize_for_search
from vectorstore.dates import is_date_words, parse_date_line
from vectorstore.names import place_mentions
from vectorstore.outlets import latin_name

NOTICES = (
    # Comment forms.
    r"لن يتم نشر عنوان بريدك الإلكتروني\.?( الحقول الإلزامية مشار إليها بـ?)?",
    r"الحقول الإلزامية مشار إليها بـ?",
    r"احفظ اسمي،? ?(و ?)?بريدي الإلكتروني،?.*في هذا المتصفح.*",
    r"your e-?mail address will not be published\.?( required fields are marked)?",
    r"save my name, e-?mail,? (and website )?in this browser.*",
    r"votre adresse e-?mail ne sera pas publiee\.?( les champs obligatoires sont indiques avec)?",
    r"tu direccion de correo electronico no sera publicada\.?.*",
    r"e-posta hesabiniz yayimlanmayacak\.?.*",
    r"deine e-mail-adresse wird nicht veroffentlicht\.?.*",
    r"il tuo indirizzo email non sara pubblicato\.?.*",
    # Cookies and copyright.
    r"(نستخدم|يستخدم هذا الموقع|يستخدم موقعنا) ملفات( تعريف)? (الارتباط|الكوكيز).{0,200}",
    r"(we use|this (web)?site uses|nous utilisons|ce site utilise( des)?|usamos|wir verwenden) "
    r"(des )?cookies.{0,200}",
    r"(copyright ?)?(©|\(c\)) .{0,120}|copyright (\d{4}).{0,80}",
    r".{0,80}(جميع الحقوق محفوظة|كل الحقوق محفوظة|all rights reserved|tous droits reserves|"
    r"todos los derechos reservados|alle rechte vorbehalten|tum haklari saklidir|"
    r"все права защищены)( (ل|لـ|to|by|a) ?.{2,40})?( ?©?.{0,6}\d{4})?",
)

ANYWHERE = (
    # Share and print buttons.
    r"((شارك|مشاركة|انشر|أرسل|شاركها|شارك هذا|شارك الخبر|شارك المقال|"
    r"شارك هذا المقال)( (على|عبر|مع))?"
    r"( ?[،,|/]? ?(و ?)?(فيسبوك|تويتر|واتساب|واتس آب|تيليجرام|تلغرام|تيليغرام|لينكدإن|بينتيريست|"
    r"ماسنجر|إكس|البريد|البريد الإلكتروني|عبر البريد|عبر البريد الإلكتروني|طباعة|الأصدقاء))*)",
    r"((فيسبوك|تويتر|واتساب|تيليجرام|تلغرام|لينكدإن|بينتيريست|ماسنجر|انستغرام|يوتيوب|"
    r"طباعة)[ ،,|/]*){2,}",
    r"(share|tweet|pin|print|email|copy link|partager|imprimer|compartir|teilen|"
    r"paylas)( (this|it))?"
    r"( ?(article|post|story|page))?( ?(on|via|with|by|sur|en|auf|:))?"
    r"([ ,|/]*(facebook|twitter|x|whatsapp|telegram|linkedin|pinterest|reddit|e-?mail|print|tweet|"
    r"share|messenger|imprimer|partager|copy link))*",
    r"((facebook|twitter|whatsapp|telegram|linkedin|pinterest|reddit|instagram|youtube|messenger)"
    r"[ ,|/]*){2,}",
    # Adverts and players.
    r"(إعلان|إعلانات|مساحة إعلانية|advertisement|publicite|publicidad|anzeige|реклама|reklam)",
    r"(story continues|continue reading|article continues) below( (this )?(advertisement|ad))?",
    # Back to the top.
    r"(زر )?(الذهاب|العودة|الرجوع|عودة|اذهب) إلى (الأعلى|أعلى|أعلى الصفحة|بداية الصفحة)",
    r"(back|scroll|go|return) to( the)? top( button)?|(retour|revenir) en haut( de (la )?page)?|"
    r"nach oben|volver arriba|voltar ao topo|torna su|yukari (cik|don)|наверх",
)

LINKS = (
    r"(اقرأ|إقرأ|اقرا|اقرؤوا|اقرئي|شاهد|طالع|تابع)( أيضا| المزيد| كذلك)? ?: ?.{3,160}",
    r"(إقرأ|اقرأ|شاهد|طالع) أيضا( [^.]{3,110})?",
    r"(read|see|watch)( also| more| next)? ?: ?.{3,160}",
    r"(a lire( aussi)?|lire( aussi| egalement)|voir aussi|lea tambien|lee tambien|leggi anche|"
    r"lesen sie auch|ayrica oku(yun)?|leia tambem|читайте также) ?: ?.{3,160}",
    r"(read also|also read|a lire aussi|lire aussi|lea tambien|leggi anche|lesen sie auch|"
    r"leia tambem|читайте также)",
)

EDGES = (
    # Comments and reactions.
    r"(اترك|أترك|اكتب|أضف|شارك) ?(تعليقا?ً?|تعليقك|ردا?ً?|رأيك)( (هنا|على المقال|إلغاء الرد))?",
    r"(إلغاء الرد|التعليقات مغلقة|لا توجد تعليقات|لا تعليقات|إرسال التعليق|الموقع الإلكتروني)",
    r"(\d+ )?(تعليق|تعليقات|مشاهدة|مشاهدات|قراءة|مشاركة|إعجاب)( \d+)?",
    r"(leave|post|add|write) a (comment|reply)( cancel reply)?|cancel reply|"
    r"comments? (are )?closed|"
    r"no comments( yet)?|(\d+ )?(comments?|views?|shares?|likes?)( \d+)?|post comment|"
    r"be the first to comment",
    r"(laisser|laissez|ajouter|ecrire) un commentaire( annuler la reponse)?|(\d+ )?commentaires?|"
    r"annuler la reponse|dejar? un(a)? (comentario|respuesta)|schreibe einen kommentar|"
    r"lascia un commento|deixe um comentario|bir (yorum|cevap) (yazin|yaz)|оставить комментарий",
    r"(الاسم|البريد الإلكتروني|الموقع|بريدك الإلكتروني|name|e-?mail|website|nom|site web|"
    r"commentaire)",
    # Following and subscribing.
    r"(تابع|تابعنا|تابعونا|تابعوا|اشترك|اشتركوا|انضم|انضموا)( .{2,60})? ?(على|عبر|في|إلى)"
    r" (google news|جوجل نيوز|غوغل نيوز|أخبار جوجل|فيسبوك|تويتر|إكس|واتساب|تلغرام|تيليجرام|يوتيوب|"
    r"انستغرام|قناتنا.{0,40}|صفحتنا.{0,40}|نبض|.{2,30} news)",
    r"(تابعنا|تابعونا|اشترك|اشترك الآن|اشترك معنا|سجل الآن|تسجيل الدخول)",
    r"(اشترك|اشتركوا|سجل)( الآن)? في (النشرة|نشرتنا|القائمة|قناتنا|خدمة)( .{0,50})?|"
    r"النشرة البريدية",
    r"(follow|join) (us|.{2,30})( on| at| in| our)( .{2,40})?|follow us|"
    r"suivez[ -]nous( (sur|en) .{2,40})?|"
    r"siguenos( en .{2,40})?|folge(n sie)? uns( auf .{2,40})?|bizi takip edin|"
    r"seguici( su .{2,40})?",
    r"(subscribe|sign up)( now| today)?( (to|for) .{2,60})?|newsletter|log ?in|sign in|"
    r"(abonnez[ -]vous|inscrivez[ -]vous)( .{2,60})?|s'abonner|suscribete( .{2,60})?",
    # Breadcrumbs, menus and sections.
    r".{0,40}(سلايدر|slider)",
    r"((الرئيسية|أخبار|الأخبار|آخر الأخبار|أهم الأخبار|عاجل|سياسة|اقتصاد|رياضة|ثقافة|"
    r"ثقافة وفن|مجتمع|"
    r"حوادث|دولي|دولية|وطني|وطنية|محلي|محليات|جهات|منوعات|فن|فنون|صحة|تكنولوجيا|رأي|آراء|مقالات|"
    r"فيديو|صور|القائمة|بحث|بحث عن|من نحن|اتصل بنا|العالم|عربي|غير مصنف)[ /|«»›>،,:–—-]*)+",
    r"(الرئيسية|home|accueil|inicio|startseite|anasayfa|главная) ?[/|«»›>\\→–—-].{1,160}",
    r"((home|news|latest news|breaking|politics|economy|business|sports?|"
    r"culture|world|"
    r"opinion|menu|search|about us|contact us|uncategorized|video|accueil|actualites|politique|"
    r"economie|societe|rechercher)[ /|«»›>,:–—-]*)+",
    r"(skip|jump) to (main )?content|aller au contenu( principal)?|تخطي إلى المحتوى|"
    r"انتقل إلى المحتوى|"
    r"saltar al contenido|zum inhalt springen|icerige (gec|atla)",
    # Tags, legal links, cookie buttons.
    r"(الوسوم|وسوم|الكلمات المفتاحية|كلمات دلالية|الكلمات الدلالية|tags?|mots[ -]cles|etiquetas|"
    r"schlagworter|topics|filed under|etiketler)( ?: ?.{1,200})?",
    r"accept( all)?( cookies)?|accepter( tout)?|أوافق|قبول( الكل)?",
    r"(سياسة الخصوصية|شروط الاستخدام|privacy policy|terms (of use|and conditions)|"
    r"mentions legales|politique de confidentialite)([ |/،,-]*(اتصل بنا|contact us|contact))?",
    r"(المقال|الخبر|المقالة|الموضوع) (السابق|التالي)ة?( ?:? ?.{3,160})?",
    r"(previous|next) (article|post|story)( ?:? ?.{3,160})?|article (precedent|"
    r"suivant)( ?:? ?.{3,160})?",
    r"(نسخ الرابط|رابط مختصر|رابط قصير|حجم الخط|استمع للمقال|استمع إلى المقال|copy link|"
    r"listen to( this)? article)"
    r"( ?:? ?https?://[^ ]+)?",
    r"(\d+ )?(دقيقة|دقائق|min(ute)?s?)( (واحدة|قراءة|للقراءة|read|de lecture))?|وقت القراءة.{0,30}|"
    r"(temps de lecture|reading time|time to read).{0,30}|أقل من دقيقة|منذ .{1,20}",
)

HEADINGS = (
    r"(مقالات|أخبار|مواضيع|موضوعات|المقالات|الأخبار|المزيد من) ?(ذات صلة|مشابهة|متعلقة|مرتبطة|"
    r"قد تهمك|الأخبار|المقالات)?",
    r"(قد يعجبك أيضا|قد يهمك( أيضا)?|المزيد( من)?|اقرأ المزيد|إقرأ أيضا|الأكثر (قراءة|"
    r"مشاهدة|تداولا)|"
    r"آخر الأخبار|أحدث المقالات|التعليقات|أخبار ذات صلة)",
    r"(related|more|similar|recommended|latest|popular|trending)( (articles|posts|news|stories|"
    r"topics|reading|for you|from .{2,40}))?|you (may|might) (also )?like|most (read|popular)|"
    r"more (from|on|in) .{2,40}|comments|read (more|next)",
    r"(articles|sujets) (similaires|lies|connexes|recents)|(sur le|dans le) meme (sujet|theme)|"
    r"vous aimerez aussi|les plus lus|noticias relacionadas|articulos relacionados|"
    r"das konnte sie auch interessieren|ilgili haberler|articoli correlati|похожие статьи",
)

_AGENCIES = (
    r"خاص|وكالات|الوكالات|متابعة|متابعات|وكالة|و\.?م\.?ع|رويترز|أ ?\.? ?ف ?\.? ?ب|"
    r"فرانس برس|الأناضول|"
    r"د ?\.? ?ب ?\.? ?أ|أ ?\.? ?ب|سبوتنيك|واج|وات|أ ?\.? ?ش ?\.? ?أ|مراسلنا|عن وكالات|قنا|"
    r"وام|واس|بترا|"
    r"afp|ap|reuters|map|aps|tap|dpa|efe|ansa|agences?|agencies|special|staff|xinhua|"
    r"anadolu|with agencies|avec agences"
)
_OUTLET_BYLINE = (
    rf"(?P<outlet>[^.:،,؟?!|/–—-]{{2,40}}?) ?[-–—|/:(] ?(?:{_AGENCIES})"
    rf"(?: ?[-–—/|+و،,] ?(?:{_AGENCIES}))*\)?"
)
_AUTHOR_BYLINE = (
    r"(بقلم|كتب|كتبت|إعداد|تحرير|المصدر|الكاتب|الكاتبة|ترجمة) ?[:/-] ?[^.؟!]{2,60}|"
    r"بقلم [^.؟!]{2,60}|"
    r"(by|written by|par|por|von|di) [^.؟!?]{2,60}|(source|author|auteur) ?: ?[^.؟!?]{2,60}|"
    rf"(?:{_AGENCIES})"
)

_OUTER = " \t*•·▪■►▶◄◀»«›‹>→←↑⬆▲↓|_–—-:.…!#“”\"'()[]*"


def _compile(patterns: tuple[str, ...]) -> re.Pattern[str]:
    folded = (normalize_for_search(pattern).replace("(?p<", "(?P<") for pattern in patterns)
    return re.compile("|".join(f"(?:{pattern})" for pattern in folded))


_PATTERNS = {
    "notice": _compile(NOTICES),
    "anywhere": _compile(ANYWHERE),
    "link": _compile(LINKS),
    "heading": _compile(HEADINGS),
    "edge": _compile(EDGES),
}
_OUTLET = _compile((_OUTLET_BYLINE,))
_AUTHOR = _compile((_AUTHOR_BYLINE,))
_BESIDE = re.compile(r"\s*[–—|/]\s*|\s+-\s*|\s*-\s+")
# A canal and a network of roads begin like a channel and a network of stations: they aren't here.
_PRESS = _compile(
    (
        r"(?:جريدة|صحيفة|وكالة|مجلة|إذاعة|راديو|تلفزيون|موقع) .+",
        r"(?:the )?.+ (?:news|times|post|daily|newspaper|press|agency|herald|tribune|journal)",
    )
)
_PARTS = re.compile(r"\s*[–—|،,]\s*|\s+[-/]\s*|\s*[-/]\s+")
_LONGEST_BYLINE = 70  # characters
_LONGEST_DATELINE = 100  # characters
_PLACE_WORDS = 5  # of a place, or of an outlet's name
_LONGEST = 260
_SENTENCE = 40
_CLOSING = " \"'”’»›)]」』*"


def fold_line(line: str) -> str:
    """Return the line as the table's patterns see it."""
    return re.sub(r"\s+", " ", normalize_for_search(line)).strip(_OUTER)


def classify_furniture(line: str) -> str | None:
    """Return a line's group (`notice`, `anywhere`, `link`, `heading`, `edge`) or None."""
    if len(line) > _LONGEST:
        return None
    folded = fold_line(line)
    for group, pattern in _PATTERNS.items():
        if pattern.fullmatch(folded) and (group == "notice" or not reads_like_sentence(line)):
            return group
    return None


def reads_like_sentence(line: str) -> bool:
    """Tell whether a line is as long as a sentence and ends in a full stop."""
    return len(line) >= _SENTENCE and line.rstrip(_CLOSING).endswith((".", "。", "۔", "।"))


def find_outlet(line: str) -> str | None:
    """Return the outlet that a byline names, as the line spells it; None for no byline.

    "الدار - خاص" is one, and so is "تونس - رويترز": what stands beside a place, or beside words
    that aren't known, is the outlet where it is a known one's name.
    """
    if len(line) > _LONGEST_BYLINE or reads_like_sentence(line):
        return None
    parts = [part for part in map(str.strip, _BESIDE.split(line.strip(_OUTER))) if part]
    known = [part for part in parts if latin_name(part)]
    beside_agency = _OUTLET.fullmatch(fold_line(line)) is not None
    if len(parts) == 2 and known and all(len(part.split()) <= _PLACE_WORDS for part in parts):
        return known[0]
    if not beside_agency:
        return None
    name = re.split(r"\s*[-–—|/:(]\s*", line.strip(_OUTER))[0].strip()
    return name or None


@dataclass(frozen=True, slots=True)
class Byline:
    """What a line between headline and text tells: the outlet, and the day as ISO 8601."""

    outlet: str | None
    date: str | None


def read_byline(line: str) -> Byline | None:
    """Return what a line tells that only says who wrote an article, where, or when; else None.

    "الدار - خاص" is one, "11 يونيو 2021", and "القاهرة - جريدة الاقتصاد - 22 سبتمبر 2025".
    """
    outlet, date = find_outlet(line), parse_date_line(line)
    dateline = _read_dateline(line)
    if dateline is not None:
        outlet, date = outlet or dateline.outlet, date or dateline.date
    return Byline(outlet, date) if outlet or date or is_author_line(line) else None


def _read_dateline(line: str) -> Byline | None:
    """Read a line of places, outlets and a date, each a few words between dashes or commas.

    An outlet is one that is known, or that says it is: the others may be who wrote it.
    """
    if len(line) > _LONGEST_DATELINE or reads_like_sentence(line):
        return None
    parts = [part for part in map(str.strip, _PARTS.split(line.strip(_OUTER))) if part]
    dates = [date for date in map(parse_date_line, parts) if date]
    others = [p for p in parts if not parse_date_line(p) and not is_date_words(p)]
    if not others or any(len(p.split()) > _PLACE_WORDS or re.search(r"\d", p) for p in others):
        return None
    outlets = [p for p in others if latin_name(p) or _PRESS.fullmatch(fold_line(p))]
    beside = [p for p in others if p not in outlets]
    if not dates and not (outlets and beside and all(map(place_mentions, beside))):
        return None
    return Byline(outlets[0] if outlets else None, dates[0] if dates else None)


def is_author_line(line: str) -> bool:
    """Tell whether a line only says who wrote the article or where it comes from."""
    return len(line) <= 80 and _AUTHOR.fullmatch(fold_line(line)) is not None
