package main

import (
	"math"
	"math/rand/v2"
	"strings"
)

var languages = [...][]string{
	strings.Fields("the quick order has shipped and we will call you back tomorrow about invoice payment please check refund status thanks again meeting moved to Friday can someone look at this build failure on staging it works here sorry late reply deploy finished customer says app crashes when opening camera video call quality was great today lunch release notes draft review"),
	strings.Fields("你好 今天 我们 开会 讨论 项目 进度 请 查看 附件 谢谢 订单 已经 发货 客户 反馈 视频 通话 质量 很好 明天 上午 十点 语音 消息 发送 失败 请 重新 登录 服务器 维护 通知 群组 成员 撤回 了 一条 消息 收到 没问题 稍后 回复 价格 是 多少"),
	strings.Fields("こんにちは 今日 の 会議 は 午後 三時 です よろしく お願い します 資料 を 確認 して ください ありがとう ございます カメラ が 起動 しません 音声 通話 テスト 完了 しました 明日 また 連絡 します"),
	strings.Fields("안녕하세요 오늘 회의 는 오후 세시 입니다 확인 부탁 드립니다 감사합니다 배송 이 시작 되었습니다 영상 통화 품질 이 좋아요 내일 다시 연락 드릴게요"),
	strings.Fields("привет сегодня встреча в три часа пожалуйста проверьте счёт спасибо заказ отправлен клиент сообщает об ошибке при запуске камеры завтра перезвоню"),
	strings.Fields("hola hoy reunión a las tres por favor revisa la factura gracias el pedido ya salió cliente dice que la aplicación falla mañana te llamo qué tal señor"),
	strings.Fields("مرحبا اليوم الاجتماع الساعة الثالثة يرجى مراجعة الفاتورة شكرا تم شحن الطلب العميل يقول إن التطبيق يتعطل غدا أتصل بك"),
	strings.Fields("नमस्ते आज बैठक तीन बजे है कृपया चालान देखें धन्यवाद ऑर्डर भेज दिया गया ग्राहक कह रहा है ऐप बंद हो जाता है कल फोन करूँगा"),
	strings.Fields("สวัสดี วันนี้ ประชุม บ่ายสาม กรุณา ตรวจสอบ ใบแจ้งหนี้ ขอบคุณ ส่งสินค้าแล้ว ลูกค้า แจ้งว่า แอป ค้าง พรุ่งนี้ จะโทรกลับ"),
}

// shares is how many of 100 texts are in each language, spaced which of them
// have spaces between words.
var (
	shares = [len(languages)]int{40, 22, 8, 6, 6, 6, 5, 4, 3}
	spaced = [len(languages)]bool{true, false, false, true, true, true, true, true, false}
)

var emoji = []string{"😀", "😂", "👍", "🎉", "🚀", "❤️", "👍🏽", "👩‍💻", "👨‍👩‍👧‍👦", "🇨🇳", "🇺🇸", "🏳️‍🌈", "1️⃣", "🙏", "🔥", "😭", "✅", "⚠️", "🤷🏻‍♀️", "🐼"}

// writer is the chance that one message is made of.
type writer struct{ *rand.Rand }

func (r writer) pick(s []string) string { return s[r.IntN(len(s))] }

func (r writer) hex(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "0123456789abcdef"[r.IntN(16)]
	}
	return string(b)
}

// text returns 1 to 2000 characters: half of the texts have fewer than 30, one
// in 400 has over 1200.
func (r writer) text() string {
	n := min(max(int(math.Exp(r.NormFloat64()*1.25+3.4)), 1), 2000)
	if r.IntN(400) == 0 {
		n = 1200 + r.IntN(801)
	}
	language := 0
	for k := r.IntN(100); k >= shares[language]; language++ {
		k -= shares[language]
	}
	lines := r.IntN(20) == 0
	var out []rune
	for len(out) < n {
		switch {
		case len(out) == 0:
		case lines && r.IntN(12) == 0:
			out = append(out, '\n')
		case spaced[language]:
			out = append(out, ' ')
		case r.IntN(9) == 0:
			out = append(out, '，')
		}
		word := r.pick(languages[language])
		if r.IntN(14) == 0 {
			word = r.pick(emoji)
		}
		out = append(out, []rune(word)...)
	}
	for n < len(out) && (joined(out[n]) || out[n-1] == '\u200d') { // never cut inside an emoji
		n++
	}
	return string(out[:n])
}

// joined reports whether c belongs to the emoji before it.
func joined(c rune) bool {
	return c == '\u200d' || c == '\ufe0f' || c == '\u20e3' || c >= 0x1f3fb && c <= 0x1f3ff || c >= 0x1f1e6 && c <= 0x1f1ff
}
