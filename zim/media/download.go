package media

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // for DecodeConfig, as the next two
	_ "image/jpeg"
	_ "image/png"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"backscroll/zim"
)

const (
	piece   = 32 << 10 // bytes between two reports of progress
	maxHead = 1 << 20  // bytes in which the dimensions of a picture must stand
	maxType = 100      // bytes of a Content-Type that are kept
)

// download is a file on its way.
type download struct {
	link     Link
	limit    int64
	byteTime time.Duration
	ctx      context.Context
	cancel   context.CancelCauseFunc
	timer    *time.Timer // ends ctx where nothing comes
	url      *url.URL    // that was asked last
	answer   *http.Response
	result   Result
}

func (d *download) close() {
	d.timer.Stop()
	d.cancel(nil)
	if d.answer != nil {
		d.answer.Body.Close()
	}
}

// take notes what an answer says of itself.
func (d *download) take(r *http.Response) {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	d.answer = r
	d.result.Status = r.StatusCode
	d.result.Type = cut(strings.ToLower(strings.TrimSpace(kind)), maxType)
}

// judge says whether what follows is the file.
func (d *download) judge() error {
	encoding := strings.ToLower(d.answer.Header.Get("Content-Encoding"))
	switch {
	case d.result.Status != http.StatusOK:
		return fmt.Errorf("%w: HTTP %s", ErrStatus, strings.TrimSpace(strconv.Itoa(d.result.Status)+" "+http.StatusText(d.result.Status)))
	case encoding != "" && encoding != "identity":
		return errors.New("the server sends the file compressed, though it was not asked to")
	case d.answer.ContentLength > d.limit:
		return d.tooLarge()
	}
	return nil
}

func (d *download) tooLarge() error { return fmt.Errorf("%w of %d bytes", ErrTooLarge, d.limit) }

// read takes the file to its end, writes it to w unless that is nil, and compares it.
func (d *download) read(w io.Writer, progress func(done, total int64)) error {
	var head []byte
	sum := md5.New()
	buf := make([]byte, piece)
	for {
		d.timer.Reset(d.byteTime)
		n, err := d.answer.Body.Read(buf)
		d.timer.Stop() // writing may take its time
		if d.result.Size+int64(n) > d.limit {
			return d.tooLarge()
		}
		if n > 0 {
			d.result.Size += int64(n)
			sum.Write(buf[:n])
			head = append(head, buf[:min(n, maxHead-len(head))]...)
			if w != nil {
				if _, err := w.Write(buf[:n]); err != nil {
					return err
				}
			}
			if progress != nil {
				progress(d.result.Size, d.answer.ContentLength)
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return describe(d.ctx, d.url, err)
		}
		if d.ctx.Err() != nil { // a transport may have all of it at hand
			return context.Cause(d.ctx)
		}
	}
	d.result.MD5 = hex.EncodeToString(sum.Sum(nil))
	if config, _, err := image.DecodeConfig(bytes.NewReader(head)); err == nil {
		d.result.Width, d.result.Height = config.Width, config.Height
	}
	d.result.compare(d.link)
	return nil
}

// compare notes what is not as the message declares it.
func (r *Result) compare(l Link) {
	differs := func(what, declared, found string) {
		r.Differs = append(r.Differs, Difference{what, declared, found})
	}
	if l.Size >= 0 && l.Size != r.Size {
		differs("size", strconv.FormatInt(l.Size, 10), strconv.FormatInt(r.Size, 10))
	}
	if declared := strings.TrimSpace(l.MD5); declared != "" && !strings.EqualFold(declared, r.MD5) {
		differs("MD5", declared, r.MD5)
	}
	known := l.Width > 0 && l.Height > 0 && r.Width > 0 && r.Height > 0
	if known && (l.Width != r.Width || l.Height != r.Height) {
		differs("dimensions", fmt.Sprintf("%d×%d", l.Width, l.Height), fmt.Sprintf("%d×%d", r.Width, r.Height))
	}
	if contradicts(l.Type, r.Type) {
		differs("type", l.Type.String(), r.Type)
	}
}

// contradicts reports whether a Content-Type cannot be that of such a file. Many
// servers call everything application/octet-stream, and sound and film share
// their containers; a page or JSON instead of a picture is an error's.
func contradicts(t zim.MsgType, contentType string) bool {
	if t != zim.TypeImage && t != zim.TypeAudio && t != zim.TypeVideo {
		return false
	}
	class, kind, _ := strings.Cut(contentType, "/")
	switch class {
	case "text":
		return true
	case "image":
		return t != zim.TypeImage
	case "audio", "video":
		return t == zim.TypeImage
	case "application":
		return kind == "json" || kind == "xml" || kind == "pdf" || strings.HasSuffix(kind, "+json") || strings.HasSuffix(kind, "+xml")
	}
	return false
}
