using Freshet.Core.Rates;

namespace Freshet.Running;

/// <summary>
/// Wakes each torrent when it asked for it, so that thousands which wait for nothing cost nothing. A binary heap: no alarm is due before
/// the one above it, and each knows its place, so that setting one anew leaves nothing behind. Safe to use from any thread.
/// </summary>
internal sealed class Alarms
{
    private readonly Lock _lock = new();
    private readonly List<Alarm> _heap = [];

    // Only the heartbeat's.
    private readonly List<Alarm> _ringing = [];

    /// <summary>How many are set.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _heap.Count;
        }
    }

    /// <summary>Sets an alarm, or moves it; at <see cref="Timestamp.Never"/> it is taken back.</summary>
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

            Settle(alarm);
        }
    }

    /// <summary>Rings all that are due. To be called by one thread at a time.</summary>
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

        // Not within the lock: whoever is woken may set its next at once.
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
        Settle(last);
    }

    // Moves an alarm up or down until it stands right.
    private void Settle(Alarm alarm)
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

    // The earlier of the two below a place; -1 if there is none.
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
