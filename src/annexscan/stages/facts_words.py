"""The words by which listings state measures, counts, straps and materials, in the languages of the corpus.

Each text holds wordings separated by ``|``. They are compared after folding (case and accents do not count); a
final ``*`` lets the word go on, and the Arabic article is passed over.
"""

CUES: dict[str, str] = {
    "inner_circumference": (
        "inner circumference | inside circumference | internal circumference | inner circ | inside circ"
        " | inner perimeter | inside perimeter | internal perimeter | circumference at last notch | innenumfang*"
        " | innerer umfang | innere* umfang* | binnenomtrek | circonférence intérieure | circonférence interne"
        " | périmètre intérieur | périmètre interne | tour intérieur | circunferencia interior"
        " | circunferencia interna | perímetro interior | perímetro interno | contorno interior"
        " | circunferência interna | circunferência interior | circonferenza interna | perimetro interno"
        " | obwód wewnętrzny | obwodzie wewnętrznym | iç çevre | iç çevresi | внутренн* окружност*"
        " | окружност* внутренн* | внутренн* периметр* | 内周 | 内周长 | 内圈周长 | 內周長 | 内围 | محيط داخلي"
        " | 내부 둘레"
    ),
    "inner_diameter": (
        "inner diameter | inside diameter | internal diameter | inner dia | inside dia | innendurchmesser"
        " | diamètre intérieur | diamètre interne | diámetro interior | diámetro interno | diâmetro interno"
        " | diametro interno | średnica wewnętrzna | iç çap | iç çapı | внутренн* диаметр* | диаметр* внутренн*"
        " | binnendiameter | 内径 | 內徑 | قطر داخلي | 내경"
    ),
    "overall_length": (
        "overall length | total length | length overall | overall | gesamtlänge | länge gesamt | longueur totale"
        " | longueur hors tout | longitud total | largo total | comprimento total | lunghezza totale"
        " | lunghezza complessiva | długość całkowita | długość całk | toplam uzunluk | toplam boy | общ* длин*"
        " | длин* общ* | totale lengte | 总长 | 总长度 | 全长 | 總長 | 全長 | طول كلي | طول إجمالي"
    ),
    # At its widest a cuff says nothing of its last notch, which is what the law measures.
    "widest": (
        "max* | first notch | open | opened | fully open | widest | largest | 最大 | максимальн* | макс | massim*"
        " | máxim* | azami | en fazla | erste* raste | premier cran | primera muesca | primo scatto | أقصى"
    ),
    "last_notch": (
        "last notch | min* | smallest | tightest | fully closed | closed | letzte* raste | dernier cran"
        " | última muesca | último punto | último dente | ultimo scatto | ostatni* ząb* | son diş | son kademe"
        " | последн* зуб* | мин | минимальн* | 最小 | 末齿 | 最后一齿 | آخر سن"
    ),
    "irritant": (
        "oc | pava | capsaicin* | capsicum | oleoresin* | nonivamid* | pelargon* | mc | capsaïcine | oléorésine"
        " | капсаицин* | капсикум* | олеорезин* | нонивамид* | 辣椒素 | 辣椒碱 | 辣椒油树脂 | 辣椒精 | كابسايسين"
        " | كابسيسين | كابسيكوم | اوليوريزين"
    ),
    "quantity": (
        "qty | quantity | moq | minimum order | menge | anzahl | quantité | cantidad | quantidade | quantità"
        " | ilość | adet sayısı | miktar | кол во | количество | 数量 | 起订量 | عدد | كمية"
    ),
    "straps_only": (
        "straps only | strap only | only straps | belts only | only belts | fabric only | webbing only | nur gurte*"
        " | nur mit gurten | uniquement des sangles | sangles seulement | sangles uniquement | solo correas"
        " | sólo correas | solo cinturones | solo cinghie | somente tiras | apenas cintas | tylko pasy"
        " | wyłącznie pasy | yalnızca kemer* | sadece kemer* | только ремн* | только ремен* | 仅用绑带 | 仅绑带"
        " | 仅织带 | 仅约束带 | أحزمة فقط"
    ),
    "strap": (
        "strap* | belt* | velcro | hook and loop | hook & loop | gurt* | klett* | sangle* | ceinture* | scratch"
        " | correa* | cinturon* | cinturón | cinghi* | cintur* | tiras | cintas | cintos | faixas | pasy | pasami"
        " | rzep* | kemer* | cırt cırt* | ремн* | ремен* | липучк* | 魔术贴 | 绑带 | 织带 | 尼龙带 | 布带 | 约束带"
        " | 束缚带 | 安全带 | أحزمة | بأحزمة | حزام | أشرطة | فيلكرو"
    ),
    # What a person is strapped to: straps alone on a pouch or a hood say nothing that the law asks.
    "furniture": (
        "chair* | seat | seats | bed | beds | board* | bench | stretcher* | cot | stuhl | transportstuhl"
        " | fixierstuhl | sessel | liege* | bett | brett | trage | chaise* | fauteuil* | lit | planche* | civière*"
        " | brancard* | silla* | sillón | cama* | tabla* | camilla* | cadeira* | maca | prancha* | sedia | sedie"
        " | poltrona* | letto | tavola | barella | krzesł* | fotel* | łóżk* | nosze | sandalye* | koltuk* | yatak*"
        " | sedye* | кресл* | стул* | кроват* | носилк* | доска | 椅 | 床 | 担架 | كرسي | مقعد | سرير | نقالة"
    ),
    # Any of these in the text, and not denied, and the good is not held by straps alone.
    "hard_restraint": (
        "shackle* | cuff* | handcuff* | manacle* | fetter* | chain* | iron | irons | metal* | ring | rings | clasp*"
        " | lock* | padlock* | key | keys | keyed | fessel* | metallfessel* | handschelle* | fußschelle* | schelle*"
        " | handeisen | fußeisen | kette* | schloss | schlösser | vorhängeschloss* | verschließbar* | abschließbar*"
        " | ringe* | fers | menotte* | chaîne* | serrure* | cadenas | verrou* | anneau* | métal* | grillete*"
        " | esposas | cadena* | cerradura* | candado* | argolla* | llave* | algema* | grilh* | corrente* | cadeado*"
        " | fechadura* | ceppi | ceppo | manett* | catena | catene | serratur* | lucchett* | anelli | anello"
        " | ferri | kajdan* | okow* | łańcuch* | zamek | zamk* | kłódk* | obręcz* | kelepçe* | pranga* | zincir*"
        " | kilit* | halka* | кандал* | наручник* | наруч | наручи | цеп* | замок | замк* | кольц* | металл*"
        " | скоб* | хомут* | 铐 | 镣 | 锁 | 链 | 铁环 | 钢环 | 金属 | أصفاد | اغلال | أغلال | سلاسل | سلسلة | قفل"
        " | بقفل | أقفال | حلق* | معدن* | طوق | أطواق | أساور | فولاذية"
    ),
    # Locks that hold wheels, buckles and paperwork, not people.
    "harmless_lock": (
        "locking caster* | locking castor* | lockable caster* | lockable castor* | locking wheel* | lockable wheel*"
        " | lock wheel* | wheel lock* | brake lock* | magnet key* | magnetic lock* | rollen feststellbar"
        " | klickschloss* | gurtschloss* | o ring | o rings | key feature* | key point*"
    ),
    "denial": (
        "no | not | without | non | ohne | kein | keine | keinerlei | sans | aucun | aucune | ni | sin | sem"
        " | senza | nessun* | bez | brak | żadnych | без | нет | не | никаких | 无 | 没有 | 不含 | 非 | لا | بدون"
        " | ولا | دون"
    ),
    "denial_after": "yok | yoktur | içermez | bulunmaz | free | frei | отсутству*",
}
"""Cue to wordings."""

UNITS: dict[str, str] = {
    "mm": "mm | millimet* | millimèt* | milímet* | milimet* | миллиметр* | мм | 毫米 | ملم | مم | ميليمتر | 밀리",
    "cm": (
        "cm | centimet* | centimèt* | centímet* | santim* | zentimeter | сантиметр* | см | 厘米 | 公分 | سم | سنتيمتر"
    ),
    "inch": (
        "in | inch | inches | zoll | дюйм* | pulgada* | polegada* | pouce* | pollic* | cal | cale | cali | inç"
        " | 英寸 | 吋 | بوصة | بوصات | \" | ” | '' | ′′ | ’’"
    ),
    "m": "m | meter* | metre* | mètre* | metro* | metr | м | метр* | 米 | متر",
    "percent": (
        "% | ٪ | percent | per cent | prozent | pour cent | por ciento | por cento | procent | yüzde | процент*"
    ),
    "piece": (
        "pc | pcs | piece* | pce | pr | prs | pair* | set | sets | unit | units | ea | st | stk | stück | paar"
        " | pièce* | pza* | pieza* | par | pares | unidad* | unidade* | peça* | pezz* | paia | szt | sztuk* | adet"
        " | çift | шт | штук* | пар | пары | комплект* | 件 | 个 | 個 | 副 | 只 | 套 | 双 | قطعة | قطع | حبة | زوج"
    ),
}
"""Unit to wordings."""

RANGE = "- | – | — | ~ | to | bis | à | a | al | до | 至 | 到 | / | إلى"
"""What stands between the two ends of a range or of a list of sizes."""

MATERIALS: dict[str, str] = {
    "steel": (
        "steel | stahl* | edelstahl* | acier* | acero | aço | acciaio | stal | stali | stalow* | çelik | сталь"
        " | стали | стальн* | 钢 | 不锈钢 | 碳钢 | فولاذ | صلب | ستانلس"
    ),
    "iron": (
        "iron | eisen | schmiedeeisen | fer | hierro | ferro | żelaz* | demir | желез* | чугун* | 铁质 | 铁制"
        " | 铸铁 | حديد"
    ),
    "aluminium": ("aluminium | aluminum | alu | aluminio | alumínio | alluminio | alüminyum | алюмини* | 铝 | ألمنيوم"),
    "brass": "brass | messing | laiton | latón | latão | ottone | mosiądz* | латун* | 黄铜 | نحاس",
    "leather": (
        "leather | leder* | cuir | cuero | couro | cuoio | pelle | skór* | deri | кож* | 皮革 | 牛皮 | 真皮 | جلد"
    ),
    "nylon": "nylon | нейлон* | 尼龙 | نايلون",
    "plastic": (
        "plastic | kunststoff* | plastik* | plastique | plástico | plastica | plastikow* | tworzyw* | abs"
        " | пластик* | пластмасс* | 塑料 | 塑胶 | بلاستيك"
    ),
    "polycarbonate": (
        "polycarbonate | polycarbonat | policarbonato | poliwęglan* | polikarbonat | поликарбонат* | 聚碳酸酯"
    ),
    "rubber": (
        "rubber | gummi | caoutchouc | goma | caucho | borracha | gomma | guma | gumow* | kauçuk | резин* | 橡胶 | مطاط"
    ),
    "wood": (
        "wood* | holz | eiche* | bois | madera | madeira | legno | drewn* | ahşap | дерев* | 实木 | 木质 | 木制 | خشب"
    ),
    "fabric": (
        "fabric | textile | cotton | canvas | stoff | baumwoll* | tissu | coton | tela | algodón | tecido | algodão"
        " | tessuto | cotone | tkanin* | bawełn* | kumaş | pamuk* | ткан* | хлоп* | 布料 | 帆布 | 棉质 | 纯棉"
        " | قماش | قطن*"
    ),
    "foam": "foam | eva | schaum* | mousse | espuma | schiuma | piank* | sünger | поролон* | 泡沫 | 海绵 | إسفنج",
    "resin": "resin | kunstharz | résine | resina | żywic* | reçine | смол* | 树脂",
}
"""Material to wordings; alloys, finishes and grades are not told apart."""
