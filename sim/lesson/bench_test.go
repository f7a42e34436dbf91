package lesson

import "testing"

// BenchmarkLessons plays every built-in lesson, one after the other.
func BenchmarkLessons(b *testing.B) {
	list, err := List()
	if err != nil {
		b.Fatal(err)
	}
	var lessons []*Lesson
	for _, info := range list {
		l, err := Load(info.Name)
		if err != nil {
			b.Fatal(err)
		}
		lessons = append(lessons, l)
	}
	for b.Loop() {
		for _, l := range lessons {
			if res, err := l.Play(b.Context(), nil); err != nil || !res.OK() {
				b.Fatal(l.Name, err)
			}
		}
	}
	b.ReportMetric(float64(len(lessons)), "lessons")
}
