package emulator

import "time"

const chenScript = `
# 2026-04-16
10:22 chen 您好，请问你们可以修内三速的后花鼓吗？换挡的时候总是打滑。
10:25 alice 您好，陈先生！可以修的。方便的话请发一张后轮的照片。
10:27 chen {hub}
10:31 alice 谢谢。看起来是换挡拉线松了，调一下就好，二十分钟，十五块。
10:32 chen 太好了，不用换零件吗？
10:33 alice 应该不用。要是里面的弹簧断了，我们先打电话问您，再动手。
# 2026-04-17
15:48 chen 我把车放在店里了，一位高个子的师傅收的。
15:50 alice 是本，他个子高，话更多😊
15:51 chen 他跟我讲了半个小时的润滑油。
# 2026-04-21
11:05 alice 陈先生，车修好了：拉线换了新的，花鼓加了油，链条也擦干净了。
11:05 alice {receipt}
11:12 chen 这么快！一共多少钱？
11:13 alice 十八块，拉线三块。
# 2026-04-29
15:40 chen 骑了一个星期，换挡像新车一样顺。我女儿也想要一辆，她十岁，身高一米四。
15:44 alice 那二十四寸的正合适。店里有一辆红色的，下周到一辆蓝色的。
15:46 chen 她说：“要蓝色的，最好会发光。”
15:47 alice 蓝色的有；发光的，我们装个前灯吧。
15:55 chen 好的，周六带她来试。谢谢您！
15:58 alice 周六见！
`

const yukiScript = `
# 2026-04-13
09:20 yuki はじめまして。折りたたみ自転車のタイヤ交換をお願いしたいのですが、16インチは扱っていますか？
09:26 alice はじめまして、ゆきさん。はい、16インチ（305と349）の両方があります。タイヤの横の数字を教えていただけますか？
09:33 yuki 「37-349」と書いてあります。
09:35 alice ありがとうございます。在庫があります。前後で工賃込み6,800円です。
09:36 yuki 思ったより安いです！✨
# 2026-04-22
17:02 yuki 雨の日に滑りにくいものがいいです。おすすめはありますか？
17:08 alice それでしたら、こちらの溝が深いほうを。少し重いですが、マンホールの上でも安心です。
17:08 alice {tyre}
17:11 yuki では、それでお願いします。
# 2026-04-29
11:30 alice ゆきさん、交換が終わりました。チェーンの注油はサービスです。
11:41 yuki ありがとうございます！今日の夕方に取りに行ってもいいですか？
11:44 alice もちろんです。6時半まで開いています。
11:52 yuki 助かります。五時ごろ伺いますね (｡•̀ᴗ-)✧
`

const lukasScript = `
# 2026-04-15
08:58 lukas Moin! Habt ihr Bremszüge für ein Hollandrad, Baujahr ungefähr Kreidezeit?
09:04 alice Moin Lukas! Haben wir. Trommelbremse oder Rücktritt?
09:06 lukas Vorne Trommel, hinten Hoffnung.
09:07 alice 😄 Dann einen Zug für vorne, die Hoffnung führen wir leider nicht.
09:30 lukas {bike}
09:33 alice Oh, das ist ja ein Prachtstück. Größe 61? Bring es vorbei, wir kürzen den Zug gleich passend.
# 2026-04-20
13:15 lukas Eine Frage noch: Passt auf die Felge ein Straßenreifen, 28 × 1⅝ × 1⅜?
13:22 alice Passt. Das ist 37-622, das gängigste Maß der Welt, es heißt nur überall anders.
13:24 lukas Typisch. Wie viel?
13:25 alice 24,90 € das Stück, zwei für 45 €.
13:26 lukas Dann zwei, bitte. Und eine Klingel, die man auch hört.
13:27 alice Die große Ding-Dong. Fußgängerüberwege räumt sie von selbst.
# 2026-04-29
14:20 lukas {noise}
14:21 lukas Hört ihr das? Bei jeder Kurbelumdrehung.
14:29 alice Tretlager. Ben hat beim Zuhören die Augen geschlossen, es muss ernst sein.
14:31 alice Schlimm ist es nicht: neue Kugeln, frisches Fett, eine Stunde.
14:40 lukas Donnerstag früh?
14:45 alice Donnerstag ab acht. Kaffee gibt's dazu.
14:47 lukas Überredet. Tschüss bis dahin!
`

const martaScript = `
# 2026-04-12
12:05 marta ¡Hola! ¿Hacéis revisiones completas? Tengo una de paseo que no ha salido del garaje en tres años.
12:11 alice ¡Hola, Marta! Sí: frenos, cambio, ruedas, dirección y una limpieza. Son 55 €, y avisamos si hace falta alguna pieza.
12:13 marta ¿Y cuánto tardáis?
12:14 alice Dos días. Tres si Ben se enamora de la bici.
12:15 marta Es rosa y tiene una cesta de mimbre.
12:16 alice Entonces, cuatro.
# 2026-04-24
16:44 marta {basket}
16:45 marta Aquí está. ¿Se puede salvar la cesta?
16:52 alice Claro que sí. Mi tía en Cádiz las arreglaba; le pongo dos tiras nuevas y listo.
# 2026-04-29
10:02 alice Marta, ¡ya está lista! La cadena era nueva por dentro y vieja por fuera, como casi todos.
10:09 marta ¡Qué alegría! ¿Puedo pasar mañana por la mañana?
10:11 alice A partir de las nueve. ¿Le dejamos puesto el timbre antiguo?
10:13 marta ¡Por supuesto! Ese timbre era de mi abuela.
10:18 marta Mil gracias, de verdad. ¡Hasta mañana!
`

const omarScript = `
# 2026-04-14
11:10 omar السلام عليكم، هل لديكم خوذات للأطفال؟ ابني عمره ست سنوات.
11:16 alice وعليكم السلام يا أستاذ عمر. نعم، لدينا ثلاثة مقاسات. كم محيط رأسه تقريبًا؟
11:24 omar 52 سم.
11:26 alice إذن المقاس الصغير (S). الألوان: أزرق، أخضر، وبرتقالي.
11:27 omar يريد البرتقالي طبعًا 🧡
# 2026-04-23
17:21 omar هل يمكن تركيب عجلات مساعدة على دراجة Heron Junior مقاس 16؟
17:28 alice نعم، السعر 19.50 مع التركيب، ولا يستغرق أكثر من ربع ساعة.
17:29 alice {wheels}
# 2026-04-29
09:31 omar صباح الخير! ركب الدراجة أمس أول مرة، ولم يرد أن ينزل.
09:35 alice صباح النور! هذا أجمل خبر اليوم.
09:44 omar شكرًا لكم جميعًا، وخصوصًا للأخ بن.
09:46 alice أهلًا وسهلًا بكم في أي وقت.
`

const priyaScript = `
# 2026-04-11
10:40 priya नमस्ते! क्या आपके यहाँ साइकिल किराये पर मिलती है? हमें चार दिन के लिए दो चाहिए।
10:47 alice नमस्ते प्रिया जी! जी हाँ, एक दिन का किराया 12 है, और चार दिन के 40।
10:49 priya बढ़िया। क्या हेलमेट और ताला साथ में मिलेंगे?
10:50 alice दोनों मुफ़्त। पंक्चर किट भी रख देंगे, पर उम्मीद है कि ज़रूरत नहीं पड़ेगी।
# 2026-04-25
14:15 priya {route}
14:16 priya हम यह रास्ता सोच रहे हैं। क्या सड़क अच्छी है?
14:27 alice पहले तीस किलोमीटर बहुत सुंदर हैं। पुल के बाद थोड़ी चढ़ाई है, धीरे-धीरे जाइए।
# 2026-04-29
09:02 priya हम वापस आ गए! ९२ किलोमीटर, एक भी पंक्चर नहीं। 🎉
09:06 alice क्या बात है! बधाई हो।
09:10 priya साइकिलें शाम को लौटा देंगे। बहुत-बहुत धन्यवाद!
09:12 alice कोई बात नहीं, शाम सात बजे तक दुकान खुली है।
`

const zoeScript = `
# 2026-04-19
13:13 zoe 👋 hi!! do you rent tandems 🚲🚲 ➡️ one 🚲?
13:15 alice Hi Zoe! We have one. It is yellow and answers to "Banana".
13:15 zoe 🍌😍🍌
13:16 zoe we are 👨‍👩‍👧‍👦 though. two adults, two kids
13:18 alice Then Banana plus a trailer. The kids ride like royalty.
13:18 zoe 👸🏽🤴🏿
# 2026-04-26
10:00 zoe packing! 🧺🥖🧀🍇🧃🧃🧴⛑️🗺️
10:01 zoe weather says ⛅️ then 🌧 then ☀️, so: 🧥 🩳
10:04 alice Take the rain cover for the trailer, it is in the bag.
10:05 zoe 🫶🏻 🫶🏿
# 2026-04-29
15:02 zoe {flags}
15:03 zoe {family}
15:03 zoe keycaps on the odometer: 9️⃣5️⃣ #️⃣1️⃣
15:05 alice Congratulations! Everybody in one piece?
15:06 zoe 👩🏽‍🦱👨🏻‍🦰👧🏽👦🏻 + 🐕‍🦺, all fine. ❤️ ♥︎ 👩‍❤️‍💋‍👨
15:07 zoe 🧑🏾‍🔧 did a great job, tell him!
15:11 alice I will. He will pretend not to care.
15:20 zoe 🙈🙉🙊
`

// The languages that need joiners, stacked marks or another direction.
const worldRideScript = `
# 2026-04-25
10:00 alice {created}
10:01 alice Welcome to the world ride! Please say hello in the language you swear in when a chain comes off.
10:03 linh Xin chào mọi người! Xe của tôi vừa được sửa, giờ chạy êm như ru.
10:05 somchai สวัสดีครับ พรุ่งนี้ผมปั่นจักรยานคันเก่าไปด้วยนะครับ ไม่ต้องรอผมตรงเนินเขา
10:06 noa שלום לכולם! מישהו מביא משאבה? שלי נשברה (שוב).
10:09 daryoush {tea}
10:12 kavitha வணக்கம்! நான் முதல் முறையாக உங்களுடன் வருகிறேன்.
10:15 jiwoo 안녕하세요! 저는 조금 느리지만 끝까지 갈게요 :)
10:20 yuki 私も行きます。雨なら「てるてる坊主」を作ります ☔️
10:22 chen 我和女儿一起来，她负责发光。
10:31 bob I bring the kettle.
# 2026-04-26
18:40 daryoush {ridden}
18:41 noa היה נהדר. 42 ק"מ ורק פנצ'ר אחד!
18:44 alice Thank you all. Same time next month.
`

// languages writes the customers who do not write in English.
func (w *world) languages() {
	m := w.media
	w.draft(12).play(chenScript, map[string]part{
		"hub":     image(m.photo("hub.jpg", 540, 720), "后轮花鼓.jpg", asURL),
		"receipt": file(m.document("receipt-cable.pdf", "Kettle & Chain", "Shift cable   3", "Work   15", "Total   18"), "收据-0421.pdf", asURL),
	}).between("alice", "chen")
	w.draft(1).play(yukiScript, map[string]part{
		"tyre": image(m.photo("tyre.jpg", 480, 480), "雨用タイヤ 37-349.jpg", asForm),
	}).between("alice", "yuki")
	w.draft(301).play(lukasScript, map[string]part{
		"bike":  image(m.photo("dutch.jpg", 640, 480), "Prachtstück (Größe 61).jpg", asURL),
		"noise": audio(m.sound("bearing.wav", 31), "Geräusch.wav", asURL),
	}).between("alice", "lukas")
	w.draft(1).play(martaScript, map[string]part{
		"basket": image(m.photo("basket.jpg", 480, 640), "la cesta de la abuela.jpg", asURL),
	}).between("alice", "marta")
	w.draft(44).play(omarScript, map[string]part{
		"wheels": image(m.photo("junior.png", 320, 320), "عجلات مساعدة.png", asURL),
	}).between("alice", "omar")
	w.draft(1).play(priyaScript, map[string]part{
		"route": file(m.plainFile("river.gpx", riverRoute), "नदी का रास्ता.gpx", asURL),
	}).between("alice", "priya")
	w.draft(1).play(zoeScript, map[string]part{
		"flags":  text("🏁 95 km! flags along the way: 🇳🇱 🇧🇪 🇱🇺 🇩🇪, and somebody with 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f and 🏳️‍🌈 on the same pole"),
		"family": image(m.photo("banana.jpg", 640, 360), "👨‍👩‍👧‍👦🍌.jpg", asURL),
	}).between("alice", "zoe")

	g := w.group("world-ride", "World ride 🌍", "Last Saturday of the month, ten o'clock, blue door",
		time.Date(2026, 4, 25, 10, 0, 0, 0, shopTime),
		"alice", "linh", "somchai", "noa", "daryoush", "kavitha", "jiwoo", "yuki", "chen", "bob")
	g.list = w.draft(1).play(worldRideScript, map[string]part{
		"created": w.tips(g, tip{Type: 1, Name: g.name}, "alice", "linh", "somchai", "noa"),
		"tea":     text("سلام! من پمپ می\u200cآورم، و یک قوری چای هم می\u200cآورم."),
		"ridden":  image(m.photo("ride.jpg", 600, 400), "دوچرخه\u200cسواری.jpg", asURL),
	}).side("")
}

const riverRoute = `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Kettle &amp; Chain" xmlns="http://www.topografix.com/GPX/1/1">
  <trk><name>Along the river</name><trkseg>
    <trkpt lat="51.0000" lon="5.8000"/><trkpt lat="51.0400" lon="5.8300"/>
    <trkpt lat="51.0900" lon="5.8500"/><trkpt lat="51.1300" lon="5.9000"/>
  </trkseg></trk>
</gpx>
`
