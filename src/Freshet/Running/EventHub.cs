using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Freshet.Core;

namespace Freshet.Running;

/// <summary>
/// Passes events to whoever reads them. Each reader has a queue of its own, bounded: a reader that falls behind loses the oldest
/// events and is told how many, and nobody else notices.
/// </summary>
internal sealed class EventHub
{
    private readonly Lock _lock = new();
    private Reader[] _readers = [];
    private bool _closed;

    public bool HasReaders => Volatile.Read(ref _readers).Length > 0;

    public void Publish(SessionEvent happened)
    {
        foreach (Reader reader in Volatile.Read(ref _readers))
            reader.Add(happened);
    }

    /// <summary>Begins to listen now, not when the first event is asked for.</summary>
    public IAsyncEnumerable<SessionEvent> Subscribe(CancellationToken cancellationToken)
    {
        Reader reader = new();
        lock (_lock)
        {
            if (_closed)
                reader.Close();
            else
                _readers = [.. _readers, reader];
        }

        return ReadAsync(reader, cancellationToken);
    }

    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (Reader reader in _readers)
                reader.Close();
            _readers = [];
        }
    }

    private async IAsyncEnumerable<SessionEvent> ReadAsync(Reader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
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
            lock (_lock)
                _readers = [.. _readers.Where(other => other != reader)];
        }
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
