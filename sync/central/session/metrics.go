package session

import "github.com/prometheus/client_golang/prometheus"

// Metrics counts what comes and goes. Labels never name a card or a person.
type Metrics struct {
	dropped  *prometheus.CounterVec
	requests *prometheus.CounterVec
	facts    *prometheus.CounterVec
	alarms   prometheus.Counter
	faults   prometheus.Counter
}

// NewMetrics registers the counters.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		dropped:  counter("dropped_total", "Messages that were not read, by reason.", "reason"),
		requests: counter("requests_total", "Requests answered, by kind and refusal.", "kind", "refused"),
		facts:    counter("facts_total", "Facts received, by kind and outcome.", "kind", "outcome"),
		alarms: prometheus.NewCounter(prometheus.CounterOpts{Namespace: "unlockpoint",
			Name: "alarms_total", Help: "Terminals put into quarantine."}),
		faults: prometheus.NewCounter(prometheus.CounterOpts{Namespace: "unlockpoint",
			Name: "faults_total", Help: "Messages that central could not handle for a fault of its own."}),
	}
	r.MustRegister(m.dropped, m.requests, m.facts, m.alarms, m.faults)
	return m
}

// Alarm counts one that was raised elsewhere.
func (m *Metrics) Alarm() { m.alarms.Inc() }

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "unlockpoint", Name: name, Help: help}, labels)
}
