package ui

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"backscroll/ui/export"
)

// What is said of what a stopped export kept, and of other files that are in the way.

// kept reports whether an export that came to nothing can be gone on with.
func (j *exportJob) kept() bool {
	if stopped, ok := errors.AsType[*export.StoppedError](j.err); ok {
		return stopped.Kept
	}
	failed, ok := errors.AsType[*export.FileError](j.err)
	return ok && failed.Kept
}

// askedWith names the field of the form that a field of the manifest comes from.
var askedWith = map[string]exportField{
	"Only": exportWhat, "Since": exportSince, "Until": exportUntil, "Filter": exportFilter, "Files": exportFormats,
	"NoEmpty": exportOptions, "Masked": exportOptions, "MediaFolder": exportOptions, "MediaLimit": exportOptions,
}

// refusal says why the files of a job cannot be written, and the way out.
func refusal(j *export.Job, err error) string {
	const another = ": another name is wanted"
	partial := filepath.Base(j.Output) + export.PartialSuffix
	other, ofOther := errors.AsType[*export.OtherError](err)
	switch {
	case ofOther:
		var fields []string
		for _, name := range other.Fields {
			if field, ok := askedWith[name]; ok {
				name = exportTexts[field].label.String()
			}
			if !slices.Contains(fields, name) {
				fields = append(fields, name)
			}
		}
		return partial + " keeps a stopped export, not of the same " + strings.Join(fields, ", ") + another + ", or delete it"
	case errors.Is(err, export.ErrBusy):
		return partial + ": another process is writing it" + another
	case errors.Is(err, export.ErrForeign):
		return partial + " is there and is not what an export keeps" + another
	case errors.Is(err, export.ErrNamed):
		return "with masking no file can be called by a phone number or an address" + another
	case errors.Is(err, fs.ErrExist):
		return strings.TrimSuffix(err.Error(), ": "+fs.ErrExist.Error()) + " is there already" + another
	}
	return err.Error()
}
