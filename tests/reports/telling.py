"""Report texts as citizens write them: hasty, chatty, mistyped, and now and then filed under the wrong kind. Invented here."""

from dataclasses import dataclass
from random import Random

KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "gas": (
        ("饭店后厨", "楼道里", "小区门口烧烤店", "出租屋", "学校食堂旁边", "早餐铺", "火锅店"),
        ("煤气罐放在屋里连着灶用", "液化气瓶和明火离得很近", "燃气软管老化开裂", "没有装燃气报警器", "一股燃气味好几天了", "十几个气瓶堆在过道",
         "用的是过期气瓶", "管道接口包着胶带"),
    ),
    "fire": (
        ("商场三楼", "网吧", "KTV", "小区单元门", "批发市场", "宾馆走廊", "群租房"),
        ("安全出口锁着推不开", "消防通道堆满纸箱", "灭火器过期没压力了", "消防栓没水", "疏散指示灯全坏", "防火门用木楔顶着", "应急灯不亮",
         "窗户焊了铁栏出不去"),
    ),
    "ebike": (
        ("三单元楼梯间", "车棚", "一楼大厅", "出租屋走廊", "地下室", "小区大门口", "学校后门"),
        ("电动车飞线充电", "电瓶拿上楼充", "好多电动车堵在楼道充电", "充电桩线皮破了", "从五楼拉插排下来充电瓶车", "电动自行车进电梯"),
    ),
    "construction": (
        ("新城工地", "路边在建楼", "小区外墙改造", "地铁口工地", "学校扩建工地", "河边工程"),
        ("工人在外架上不系安全带", "脚手架没有连墙件", "塔吊吊着东西从行人头上过", "基坑边没护栏", "安全网破了大洞", "洞口没盖盖板",
         "高空往下扔材料"),
    ),
    "machinery": (
        ("铸造厂", "家具厂车间", "五金作坊", "纺织厂", "砖厂", "饲料厂"),
        ("机器传动皮带没有防护罩", "冲床的光栅关掉了", "工人手伸进机器里掏料", "行车吊钩没有保险", "切割机没挡板", "粉尘落了厚厚一层没人清"),
    ),
    "chemical": (
        ("城东仓库", "河边小厂", "物流园", "加油站", "废品站", "油漆店"),
        ("油漆稀料和易燃品堆在一起", "储罐阀门往外滴液体", "桶上没标签味道刺鼻", "化工原料露天放着", "加油时还有人抽烟", "危化品车停在居民楼下"),
    ),
    "road": (
        ("国道拐弯处", "学校门口", "村口", "高速匝道", "桥头", "农贸市场外"),
        ("井盖没了", "大货车超载跑得飞快", "护栏撞断没人修", "红绿灯坏了三天", "渣土车不盖布一路撒", "校车超员", "路面塌了个坑"),
    ),
    "lift": (
        ("八号楼", "医院住院部", "商场", "写字楼", "安置小区", "儿童乐园"),
        ("电梯老是卡在两层之间", "电梯检验标志过期", "扶梯没有急停", "电梯门夹人", "游乐设施螺丝松了", "锅炉房没人持证", "电梯里按呼叫没人应"),
    ),
}  # fmt: skip
BEFORE = (
    "",
    "",
    "您好，",
    "我要反映一下，",
    "领导们管管吧，",
    "今天路过",
    "昨天晚上看到",
    "多次反映没人管，",
    "麻烦处理下，",
    "急！",
    "家住附近，",
)
AFTER = (
    "",
    "",
    "，很危险",
    "，孩子们天天从这过",
    "，希望尽快处理",
    "，出了事谁负责",
    "，有照片为证",
    "，谢谢！",
    "。已经一个多月了",
    "，晚上更吓人",
    "!!!",
)
SLIPS = (
    ("燃气", "然气"),
    ("消防", "肖防"),
    ("安全", "安金"),
    ("电动车", "電動車"),
    ("没有", "沒有"),
    ("工地", "工 地"),
    ("脚手架", "脚手駕"),
)
NONSENSE = (
    "的了是我不在人们有来他这上着个地到大里说就去子得也和那要下看天时过出小么起你都把好还多没为又可家学只以主会样年想",
    "asdf qwer zxcv lorem ipsum dolor sit amet consectetur",
    "今天天气真好想吃西瓜晚上一起打篮球吗周末去爬山看日出",
    "床前明月光疑是地上霜举头望明月低头思故乡",
    "1234567890 0987654321 1111 2222",
    "请问办理护照需要带什么材料周六上班吗窗口在几楼",
)


@dataclass(frozen=True)
class Heard:
    words: str
    address: str
    kind: str


def tell(rng: Random, *, wrong: float = 0.04) -> Heard:
    """One text; `wrong` is how often it ends up filed under another kind."""
    kind = rng.choices(list(KINDS), weights=[9, 8, 10, 7, 5, 4, 6, 5])[0]
    wheres, whats = KINDS[kind]
    where, what = rng.choice(wheres), rng.choice(whats)
    text = rng.choice((f"{where}{what}", f"{what}，在{where}", f"{where}，{what}", f"{where}那边{what}了"))
    if rng.random() < 0.2:
        text += "，" + rng.choice(rng.choice(list(KINDS.values()))[1])  # people mix matters
    text = rng.choice(BEFORE) + text + rng.choice(AFTER)
    for right, slip in SLIPS:
        if rng.random() < 0.08:
            text = text.replace(right, slip)
    if rng.random() < 0.15:
        at = rng.randrange(len(text))
        text = text[:at] + text[at + 1 :]
    if rng.random() < wrong:
        kind = rng.choice(list(KINDS))
    return Heard(words=text, address=f"{rng.choice('东西南北')}街{rng.randrange(1, 200)}号", kind=kind)


def heard(count: int, seed: int = 1, *, wrong: float = 0.04) -> list[Heard]:
    rng = Random(seed)
    return [tell(rng, wrong=wrong) for _one in range(count)]
