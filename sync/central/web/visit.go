package web

import (
	"errors"
	"net/http"

	"unlockpoint/sync/central/login"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/wire"
)

// cookie holds the token of a visit. By its prefix browsers take it only over
// TLS, or on the same machine, and for this host alone (RFC 6265bis, 4.1.3).
const cookie = "__Host-unlockpoint"

// view is what every page gets.
type view struct {
	Base string
	Name string // of the page
	By   operators.Operator
	Form string // what each form has to bring along
	Why  []string
	Anew int // seconds until the page is made anew; 0: never
	Data any
}

// May says whether the operator may do an act.
func (v view) May(kind wire.Kind) bool { return v.By.Role.May(kind) == nil }

// show writes a page.
func (s site) show(w http.ResponseWriter, status int, name string, v view) {
	v.Base, v.Name = s.Base, name
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := s.templates[name].Execute(w, v); err != nil {
		s.Log.Debug("a page was not read to its end", "page", name, "err", err)
	}
}

func (s site) door(w http.ResponseWriter, _ *http.Request) { s.show(w, http.StatusOK, "enter", view{}) }

// enter begins a visit.
func (s site) enter(w http.ResponseWriter, r *http.Request) {
	visit, err := s.Logins.Enter(r.Context(), r.PostFormValue("name"), r.PostFormValue("password"), r.PostFormValue("code"))
	if refused(err) {
		s.show(w, http.StatusForbidden, "enter", view{Why: []string{err.Error()}})
		return
	}
	if err != nil {
		s.fault(w, err)
		return
	}
	SetVisit(w, visit)
	http.Redirect(w, r, s.Base+"/", http.StatusSeeOther)
}

// SetVisit gives a browser the token of a visit.
func SetVisit(w http.ResponseWriter, v login.Visit) {
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: v.Token, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode})
}

func refused(err error) bool {
	return errors.Is(err, login.ErrWrong) || errors.Is(err, login.ErrLength)
}

// behind lets those see a page who are logged in and whose role may, and takes
// forms only from our own pages.
func (s site) behind(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visit, by, err := s.visit(r)
		if errors.Is(err, login.ErrNoVisit) {
			http.Redirect(w, r, s.Base+"/enter", http.StatusSeeOther)
			return
		}
		if err != nil {
			s.fault(w, err)
			return
		}
		v := view{By: by, Form: visit.Form}
		if r.Method == http.MethodPost && !visit.Sends(r.PostFormValue("form")) {
			v.Why = []string{"This page was too old. Nothing was done: please go back and try again."}
			s.show(w, http.StatusForbidden, "refused", v)
			return
		}
		if rt.kind != "" {
			if err := by.Role.May(rt.kind); err != nil {
				v.Why = []string{err.Error()}
				s.show(w, http.StatusForbidden, "refused", v)
				return
			}
		}
		rt.serve(s, w, r, v)
	})
}

func (s site) visit(r *http.Request) (login.Visit, operators.Operator, error) {
	c, err := r.Cookie(cookie)
	if err != nil {
		return login.Visit{}, operators.Operator{}, login.ErrNoVisit
	}
	return s.Logins.Find(r.Context(), c.Value)
}

func (s site) leave(w http.ResponseWriter, r *http.Request, _ view) {
	if c, err := r.Cookie(cookie); err == nil {
		if err := s.Logins.Leave(r.Context(), c.Value); err != nil {
			s.fault(w, err)
			return
		}
	}
	http.SetCookie(w, &http.Cookie{Name: cookie, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode, MaxAge: -1})
	http.Redirect(w, r, s.Base+"/enter", http.StatusSeeOther)
}

// password shows the page, and changes it.
func (s site) password(w http.ResponseWriter, r *http.Request, v view) {
	if r.Method == http.MethodGet {
		s.show(w, http.StatusOK, "password", v)
		return
	}
	fresh := r.PostFormValue("fresh")
	err := login.ErrDiffer
	if fresh == r.PostFormValue("again") {
		err = s.Logins.Change(r.Context(), v.By.ID, r.PostFormValue("password"), r.PostFormValue("code"), fresh)
	}
	switch {
	case err == nil:
		http.Redirect(w, r, s.Base+"/enter", http.StatusSeeOther)
	case refused(err), errors.Is(err, login.ErrDiffer):
		v.Why = []string{err.Error()}
		s.show(w, http.StatusUnprocessableEntity, "password", v)
	default:
		s.fault(w, err)
	}
}
