using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Freshet.Core;

namespace Freshet.Running;

/// <summary>
/// Distributes events to readers. Each reader has its own bounded queue: a reader that falls behind loses the oldest events and learns how
/// many, without affecting anyone else.
/// </summary>
/// <param name="time">The clock for event timestamps; null for the system's.</param>
internal sealed class EventHub(TimeProvider? time = null)
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private Subscription[] _readers = [];
    private bool _closed;

    public bool HasReaders => Volatile.Read(ref _readers).Length > 0;

    public void Publish(SessionEvent happened)
    {
        bool anyGone = false;
        if (_time != TimeProvider.System)
            happened = happened with { Time = _time.GetUtcNow() };
        foreach (Subscription subscription in Volatile.Read(ref _readers))
        {
            if (subscription.Reader is { } reader)
                reader.Add(happened);
            else
                anyGone = true;
        }

        if (anyGone)
            Remove(static subscription => subscription.Reader is null);
    }

    /// <summary>
    /// Subscribes now, and not when the first event is read. A subscription that is never enumerated and no longer referenced ends by
    /// itself. It can be enumerated once; a second enumeration gets what was left, and ends.
    /// </summary>
    public IAsyncEnumerable<SessionEvent> Subscribe(CancellationToken cancellationToken)
    {
        Reader reader = new();
        Subscription subscription = new(reader);
        lock (_lock)
        {
            if (_closed)
                reader.Close();
            else
                _readers = [.. _readers, subscription];
        }

        return ReadAsync(subscription, reader, cancellationToken);
    }

    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (Subscription subscription in _readers)
                subscription.Reader?.Close();
            _readers = [];
        }
    }

    private async IAsyncEnumerable<SessionEvent> ReadAsync(
        Subscription subscription, Reader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        subscription.Hold(reader);
        try
        {
            await foreach (SessionEvent happened in reader.Events.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (reader.TakeDropped() is long dropped and > 0)
                    yield return new SessionEvent.EventsDropped(dropped);
                yield return happened;
            }
        }
        finally
        {
            Remove(other => other == subscription);
            reader.Close();
        }
    }

    private void Remove(Func<Subscription, bool> isGone)
    {
        lock (_lock)
            _readers = [.. _readers.Where(subscription => !isGone(subscription))];
    }

    /// <summary>
    /// The hub's reference to a reader: weak until it is enumerated, because a subscription that is dropped before has no end at which to
    /// remove it; strong afterwards, because nothing else references a waiting reader.
    /// </summary>
    private sealed class Subscription(Reader reader)
    {
        private readonly WeakReference<Reader> _reader = new(reader);
        private Reader? _held;

        public Reader? Reader => Volatile.Read(ref _held) ?? (_reader.TryGetTarget(out Reader? reader) ? reader : null);

        public void Hold(Reader reader) => Volatile.Write(ref _held, reader);
    }

    private sealed class Reader
    {
        private readonly Channel<SessionEvent> _events;
        private long _dropped;

        public Reader() => _events = Channel.CreateBounded<SessionEvent>(
            new BoundedChannelOptions(Limits.MaxPendingEvents) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _dropped));

        public ChannelReader<SessionEvent> Events => _events.Reader;

        public void Add(SessionEvent happened) => _events.Writer.TryWrite(happened);

        public long TakeDropped() => Interlocked.Exchange(ref _dropped, 0);

        public void Close() => _events.Writer.TryComplete();
    }
}
