"""How parents name their children, in the languages of the interface: words after which a child's name follows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Relations:
    """One language's words.

    Parameters
    ----------
    own
        Words for "my", "our"; empty where the word for the child says it.
    child
        Words for a child.
    after
        Whether `own` stands behind `child`.
    called
        What may stand between them and the name: "called", "whose name is".
    not_names
        Words that follow in ordinary sentences; for scripts without capitals, where any other word is taken for a
        name.
    """

    own: str
    child: str
    called: str
    not_names: str = ""
    after: bool = False


RELATIONS = {
    "en": Relations(
        "my our his her their",
        "son daughter baby child kid boy girl toddler newborn grandson granddaughter nephew niece bump twin "
        "sons daughters babies children kids boys girls twins grandchildren grandson's son's daughter's baby's child's "
        "boy's girl's kid's little_one little_man little_lad lad",
        "called named is is_called is_named who_is_called whose_name_is name_is name name's",
    ),
    "ar": Relations(
        "",
        "ابني وابني ولدي طفلي رضيعي بنتي وبنتي ابنتي وابنتي طفلتي رضيعتي أطفالي أولادي بناتي",
        "اسمه اسمها واسمه واسمها يدعى تدعى الصغير الصغيرة الرضيع الرضيعة",
        "في من على إلى مع ولا لا كل يحب تحب يلعب تلعب هنا عمره عمرها كان كانت هو هي يذهب تذهب عند بعد قبل الذي التي "
        "أيضا جدا يحبون يلعبون سعيد سعيدة لأن أن إن لم لن قد",
    ),
    "bn": Relations(
        "আমার আমাদের",
        "ছেলে মেয়ে বাচ্চা সন্তান শিশু ছেলের মেয়ের বাচ্চার সন্তানের",
        "নাম যার_নাম",
        "এখানে খুব আর এবং ও সাথে যায় খেলে পছন্দ ভালো জন্য আমার কে স্কুলে প্রতিদিন সঙ্গে এই সেখানে খেলতে গ্রুপ ক্লাব",
    ),
    "fa": Relations(
        "",
        "پسرم دخترم فرزندم بچه‌ام نوزادم کودکم پسر_من دختر_من بچه_من",
        "کوچکم کوچولوم اسمش به_نام که_اسمش",
        "را در به از با که هم و اینجا دوست عاشق خیلی است بود می هر این آن برای همیشه",
    ),
    "ckb": Relations(
        "",
        "کوڕەکەم کچەکەم منداڵەکەم کوڕم کچم منداڵم ساواکەم",
        "ناوی کە_ناوی",
        "لە بۆ و کە لێرە زۆر حەزی دەچێت هەیە لەگەڵ ئێستا یاری هەموو بە خۆشی",
    ),
    "ps": Relations(
        "زما زموږ",
        "زوی لور ماشوم بچی زوی_مې",
        "نوم نوم_یې چې_نوم_یې",
        "دلته په د له او سره ډېر ډیر چې ته کې هره هم لپاره خوښ لوبې",
    ),
    "pl": Relations(
        "mój moja moje mojego mojej moją mojemu moim nasz nasza nasze naszego naszej naszą",
        "syn synek syna synka synem synkiem synowi córka córeczka córkę córeczkę córki córką córce dziecko maluszek "
        "chłopiec dziewczynka dzieci",
        "o_imieniu imieniem ma_na_imię na_imię",
    ),
    "pt": Relations(
        "meu minha nosso nossa meus minhas",
        "filho filha filhinho filhinha bebé bebê menino menina criança filhos filhas",
        "chamado chamada chama-se se_chama que_se_chama",
    ),
    "pa": Relations(
        "ਮੇਰਾ ਮੇਰੀ ਮੇਰੇ ਸਾਡਾ ਸਾਡੀ ਸਾਡੇ",
        "ਪੁੱਤਰ ਪੁੱਤ ਬੇਟਾ ਬੇਟੇ ਧੀ ਬੇਟੀ ਬੱਚਾ ਬੱਚੇ ਬੱਚੀ ਮੁੰਡਾ ਮੁੰਡੇ ਕੁੜੀ",
        "ਦਾ_ਨਾਮ ਦਾ_ਨਾਂ ਜਿਸਦਾ_ਨਾਮ",
        "ਨੂੰ ਇੱਥੇ ਅਤੇ ਤੇ ਲਈ ਨਾਲ ਦਾ ਦੀ ਦੇ ਹੈ ਬਹੁਤ ਨੇ ਵੀ ਹਰ ਇਸ ਖੇਡਦਾ ਖੇਡਦੀ ਜਾਂਦਾ ਜਾਂਦੀ ਸਕੂਲ",
    ),
    "ro": Relations(
        "meu mea nostru noastră mei mele",
        "fiul fiica fiului fiicei băiatul băiețelul fetița fata copilul bebelușul copiii",
        "numit numită pe_nume se_numește care_se_numește",
        after=True,
    ),
    "so": Relations(
        "",
        "wiilkayga wiilkeyga gabadhayda gabadheyda inantayda inankayga ilmahayga ilmaheyga cunugayga cunugeyga "
        "carruurtayda caruurteyda",
        "magaciisu_waa magaceedu_waa la_yiraahdo oo_la_yiraahdo",
    ),
    "es": Relations(
        "mi mis nuestro nuestra",
        "hijo hija hijito hijita bebé bebe niño niña nene nena peque hijos hijas",
        "llamado llamada se_llama que_se_llama",
    ),
    "uk": Relations(
        "мій моя моє мого моєї моєю моїм мою моєму наш наша нашого нашої нашу мої",
        "син синок синочок сина синові сином донька дочка донечка доньку дочку доньки дочки донькою дитина дитину "
        "малюк хлопчик дівчинка діти",
        "на_ім'я звати якого_звати яку_звати",
    ),
    "ur": Relations(
        "میرا میری میرے ہمارا ہماری ہمارے",
        "بیٹا بیٹی بیٹے بچہ بچی بچے لڑکا لڑکی",
        "کا_نام جس_کا_نام",
        "یہاں کو اور کے کا کی سے نے ہے ہیں بہت بھی کھیلنے جاتا جاتی کھیلتا کھیلتی ہر اس وہ میں پر",
    ),
}
"""By language, as ISO 639. An underscore is a space."""

_NAMES = """
aaliyah abdullah adam ahmad ahmed aisha aiden alfie ali alina amelia amina amir amira andrei anna aria archie arthur
asha ava ayaan ayesha ben benjamin bilal callum charlie chloe daniel david diego dmytro dylan elena ella elliot elijah
emily emma ethan evelyn evie farah fatima finn florence freddie gabriel george hamza hannah harper harriet harry hasan
hassan henry hussein ibrahim imran isaac isabella isla ismail jacob jakub james jayden joshua julia khadija khalid
lara layla leah leila leo liam logan lucas lucy luna mahdi malak maria mariam maryam mateo matei maya mia milo mohamed
mohammad mohammed muhammad mustafa nadia noah noor nora oleksandr olena olivia oliver omar oscar phoebe rania rayan
reuben ruby ryan safiya salma samir samuel sara sarah sebastian simran sofia sophia sophie szymon teddy theo thomas
toby tom tommy umar yara yasmin yusuf zahra zain zainab zara zofia zuzanna
"""
NAMES = frozenset(_NAMES.split())
"""First names that families here often give and that are no ordinary words: found without a capital too."""

_NOT_NAMES = """
i i'm i've it its it's this that these those there here he she we they you who what when where and or but so the a an
at in on for from with to by of if as is are was were has have had will can may does did loves likes goes monday
tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays mon
tue tues wed thu thur thurs fri sat sun january february march april june july august september october november
december jan feb mar apr jun jul aug sep sept oct nov dec easter christmas ramadan eid diwali hi hello yes no thanks
thank please great lovely good nice come meet open free only also very just english arabic bengali polish urdu spanish
somali ukrainian romanian portuguese punjabi kurdish pashto farsi dari british muslim christian
deaf autistic sen send jewish hindu sikh
children child toddlers toddler babies baby kids kid siblings sibling boys boy girls girl parents parent families
family mums mum dads dad carers carer mothers fathers grandparents anyone everyone everybody all under over ages age
years year months month adults adult teens bumps newborns infants preschoolers group groups club clubs class classes
session sessions school schools nursery playgroup creche crèche preschool pre-school church chapel mosque temple hall
room rooms floor gate door entrance exit street road lane avenue park playground garden gardens centre center library
cafe café bank clinic surgery hospital hub space shop museum sensory massage yoga ballet bounce rhyme rhymetime time
story storytime signing singing music swim swimming gym steps play weigh weigh-in well-being wellbeing health change
changing feeding loss first stay sling buggy boogie disco rave raves show signs wave ball pool library's bus buses
route platform stage level phase part step zone bay unit block flat suite table line grade key tier tots building
society sing songs bonding basics brunch buddies talk talks walk walks wear wearing fair market milk food clothes
stars star dance dancing drama art arts craft crafts cinema picnic party world land soft fun new old big little
open-air sports sport football minder minders childminder childminders
"""
NOT_NAMES = frozenset(_NOT_NAMES.split())
"""Words with a capital in titles and at the start of a sentence."""
