package touch

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
)

// record is a calibration in a file: one line of JSON.
type record struct {
	Panel    [2]int     `json:"panel"`    // pixels
	Rotation int        `json:"rotation"` // degrees
	Mirror   bool       `json:"mirror"`
	X        [3]float64 `json:"x"` // x = X[0]·raw x + X[1]·raw y + X[2]
	Y        [3]float64 `json:"y"`
}

// maxFile is far more than a calibration takes.
const maxFile = 4096

// hint is what helps against every file that is of no use.
const hint = "calibrate the panel again"

// ReadCalibration reads a calibration and checks that it was made for this
// panel, turned this way.
func ReadCalibration(path string, panel image.Point, o Orientation) (Calibration, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return Calibration{}, fmt.Errorf("there is no calibration %s yet: calibrate the panel", path)
	}
	if err != nil {
		return Calibration{}, fmt.Errorf("the calibration: %w", err)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return Calibration{}, fmt.Errorf("the calibration: %w", err)
	}
	c, err := parseCalibration(raw)
	if err == nil && (c.Map.Size != panel || c.Orientation != o) {
		err = fmt.Errorf("it is for %v turned by %d degrees (mirror %v), the panel is %v turned by %d (mirror %v)",
			c.Map.Size, c.Orientation.Rotation, c.Orientation.Mirror, panel, o.Rotation, o.Mirror)
	}
	if err != nil {
		return Calibration{}, fmt.Errorf("the calibration %s: %w; %s", path, err, hint)
	}
	return c, nil
}

// parseCalibration takes only what Write writes, and what a glass can be.
func parseCalibration(raw []byte) (Calibration, error) {
	var r record
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return Calibration{}, fmt.Errorf("it is damaged: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) || !bytes.HasSuffix(raw, []byte("\n")) {
		return Calibration{}, errors.New("it is damaged: it does not end as it should")
	}
	c := Calibration{
		Map: Map{
			XX: r.X[0], XY: r.X[1], X0: r.X[2], YX: r.Y[0], YY: r.Y[1], Y0: r.Y[2],
			Size: image.Pt(r.Panel[0], r.Panel[1]),
		},
		Orientation: Orientation{r.Rotation, r.Mirror},
	}
	return c, c.Check()
}

// text is the calibration as in a file.
func (c Calibration) text() ([]byte, error) {
	m := c.Map
	raw, err := json.Marshal(record{
		Panel: [2]int{m.Size.X, m.Size.Y}, Rotation: c.Orientation.Rotation, Mirror: c.Orientation.Mirror,
		X: [3]float64{m.XX, m.XY, m.X0}, Y: [3]float64{m.YX, m.YY, m.Y0},
	})
	return append(raw, '\n'), err
}

// Write puts the calibration into a file, whole or not at all.
func (c Calibration) Write(path string) error {
	if err := c.Check(); err != nil {
		return fmt.Errorf("writing the calibration: %w", err)
	}
	raw, err := c.text()
	if err == nil {
		err = replace(path, raw)
	}
	if err != nil {
		return fmt.Errorf("writing the calibration: %w", err)
	}
	return nil
}

// replace survives a power cut at any byte: the text is on the disk before it
// takes the name, and the name is on the disk before replace returns.
func replace(path string, text []byte) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, filepath.Base(path)+".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // nothing there any more when all went well
	_, err = f.Write(text)
	const all = 0o644 // who calibrates may be another user than who reads
	if err = errors.Join(err, f.Chmod(all), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
