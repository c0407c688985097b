using Freshet.Core.Rates;

namespace Freshet.Running;

/// <summary>
/// Wakes each torrent at the time it asked for, so that thousands of idle ones cost nothing. A binary heap: no alarm is due before its
/// parent, and each knows its index, so that setting one again leaves no stale entry. Thread-safe.
/// </summary>
internal sealed class Alarms
{
    private readonly Lock _lock = new();
    private readonly List<Alarm> _heap = [];

    // Used by the heartbeat alone.
    private readonly List<Alarm> _ringing = [];

    /// <summary>The number of alarms that are set.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _heap.Count;
        }
    }

    /// <summary>Sets or moves an alarm; <see cref="Timestamp.Never"/> cancels it.</summary>
    public void Set(Alarm alarm, Timestamp due)
    {
        lock (_lock)
        {
            if (due == Timestamp.Never)
            {
                Take(alarm);
                return;
            }

            alarm.Due = due;
            if (alarm.Place < 0)
            {
                _heap.Add(alarm);
                alarm.Place = _heap.Count - 1;
            }

            Sift(alarm);
        }
    }

    /// <summary>Rings all alarms that are due. Called by one thread at a time.</summary>
    public void Ring(Timestamp now)
    {
        lock (_lock)
        {
            while (_heap.Count > 0 && _heap[0].Due <= now)
            {
                _ringing.Add(_heap[0]);
                Take(_heap[0]);
            }
        }

        // Outside the lock: an owner that is woken may set its next alarm at once.
        foreach (Alarm alarm in _ringing)
            alarm.Ring();
        _ringing.Clear();
    }

    private void Take(Alarm alarm)
    {
        int place = alarm.Place;
        if (place < 0)
            return;
        alarm.Place = -1;
        Alarm last = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        if (ReferenceEquals(last, alarm))
            return;
        Put(last, place);
        Sift(last);
    }

    // Restores the heap order by moving an alarm up or down.
    private void Sift(Alarm alarm)
    {
        int place = alarm.Place;
        for (int above = (place - 1) / 2; place > 0 && alarm.Due < _heap[above].Due; above = (place - 1) / 2)
        {
            Put(_heap[above], place);
            place = above;
        }

        for (int below = Earlier(place); below >= 0 && _heap[below].Due < alarm.Due; below = Earlier(place))
        {
            Put(_heap[below], place);
            place = below;
        }

        Put(alarm, place);
    }

    // The child that is due first; -1 if there is none.
    private int Earlier(int place)
    {
        int left = (2 * place) + 1;
        int right = left + 1;
        return left >= _heap.Count ? -1 : right < _heap.Count && _heap[right].Due < _heap[left].Due ? right : left;
    }

    private void Put(Alarm alarm, int place)
    {
        _heap[place] = alarm;
        alarm.Place = place;
    }
}
