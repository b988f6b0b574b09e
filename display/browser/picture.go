package browser

import "image"

// Picture is a copy of the pixels as they are now.
func (p *Panel) Picture() *image.RGBA {
	p.mu.Lock()
	defer p.mu.Unlock()
	copied := image.NewRGBA(p.pixels.Rect)
	copy(copied.Pix, p.pixels.Pix)
	return copied
}
