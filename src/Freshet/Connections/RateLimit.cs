using Freshet.Core.Rates;
using Freshet.Loops;

namespace Freshet.Connections;

/// <summary>
/// A rate limit shared by many connections, in a tree: what passes a connection's limit must also pass the torrent's and the session's. A
/// limit may have another one before it that only TCP must pass (<see cref="OfTcp"/>).
/// Thread-safe. Waiting holds no thread, and the limits below share it by bytes: a torrent with many connections gets no more than one
/// with few, and one whose own limit is below its share is not held up. A timer runs only while something waits. An unlimited rate costs
/// two reads.
/// </summary>
internal sealed class RateLimit : IDisposable
{
    private const long None = -1;

    private readonly Lock _lock = new();
    private volatile RateLimit? _parent;
    private RateLimit? _ofTcp;
    private ShareQueue<RateLimit, RateTicket>? _queue;
    private readonly TimeProvider _time;
    private ITimer? _timer;
    private readonly TokenBucket _bucket;
    private volatile bool _isUnlimited;
    private long _rate = None;

    /// <param name="rate">The limit; null for none.</param>
    /// <param name="parent">The limit above it, if any.</param>
    /// <param name="time">The clock and its timers.</param>
    public RateLimit(DataRate? rate = null, RateLimit? parent = null, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _parent = parent;
        _bucket = new TokenBucket(rate, Now);
        Note(rate);
    }

    /// <summary>The limit above it. May be changed at any time.</summary>
    public RateLimit? Parent
    {
        get => _parent;
        set => _parent = value;
    }

    /// <summary>
    /// A limit that TCP connections below this one must pass before this one; null for none. Set once, before either is used.
    /// </summary>
    public RateLimit? OfTcp
    {
        get => _ofTcp;
        init
        {
            _ofTcp = value;
            value?._parent = this;
        }
    }

    /// <summary>Whether it is the limit of a TCP connection.</summary>
    public bool IsTcp { get; init; }

    /// <summary>What it applies to.</summary>
    public LimitScope Scope { get; init; }

    /// <summary>The current limit; null for none.</summary>
    public DataRate? Rate => Volatile.Read(ref _rate) is var rate and not None ? new DataRate(rate) : null;

    private Timestamp Now => _time.Now();

    // Whether it is the limit of TCP that another one has.
    private bool IsAside => _parent?._ofTcp == this;

    /// <summary>Changes the limit from now on; null for none.</summary>
    public void SetRate(DataRate? rate)
    {
        lock (_lock)
        {
            _bucket.SetRate(rate, Now);
            Note(rate);
        }

        Serve();
    }

    /// <summary>The part of a transfer that should be requested at once; see <see cref="TokenBucket.ShareAt"/>.</summary>
    public int Share(int wanted)
    {
        long share = wanted;
        for (RateLimit? limit = this; limit is not null; limit = limit.Above(IsTcp))
        {
            if (limit._isUnlimited)
                continue;
            lock (limit._lock)
                share = Math.Min(share, limit._bucket.ShareAt(limit._queue?.Count ?? 0, limit.Now));
        }

        return (int)share;
    }

    /// <summary>
    /// Takes bytes from this limit and those above at once, or queues the ticket, in which case the bytes are taken when it is granted.
    /// </summary>
    public bool TryTake(int bytes, RateTicket ticket)
    {
        ticket.Begin(bytes, IsTcp);
        if (!Ascend(ticket, this))
            return false;
        ticket.Reset();
        return true;
    }

    /// <summary>Takes bytes that are sent in any case, such as control messages: others wait longer.</summary>
    public void Charge(int bytes) => Adjust(-bytes);

    /// <summary>Returns bytes that were taken and not used.</summary>
    public void Return(int bytes) => Adjust(bytes);

    public void Dispose() => _timer?.Dispose();

    private void Note(DataRate? rate)
    {
        Volatile.Write(ref _rate, rate?.BytesPerSecond ?? None);
        _isUnlimited = rate is null;
    }

    /// <summary>Passes a ticket through this limit and those above, as far as possible; true if it passed all.</summary>
    private bool Ascend(RateTicket ticket, RateLimit source)
    {
        for (RateLimit? limit = this; limit is not null; limit = limit.Above(ticket.IsTcp))
        {
            if (!limit.TryPass(ticket, source))
                return false;

            // Torrents take turns, not TCP and uTP.
            if (!limit.IsAside)
                source = limit;
        }

        return true;
    }

    private RateLimit? Above(bool isTcp)
    {
        RateLimit? parent = _parent;
        return isTcp && parent?._ofTcp is { } ofTcp && ofTcp != this ? ofTcp : parent;
    }

    private bool TryPass(RateTicket ticket, RateLimit source)
    {
        if (_isUnlimited)
            return true;
        lock (_lock)
        {
            bool isFirst = _queue is null or { IsEmpty: true };
            if (isFirst && _bucket.TryTake(ticket.Bytes, Now))
                return true;
            (_queue ??= new ShareQueue<RateLimit, RateTicket>()).Enqueue(source, ticket, ticket.Bytes);
            ticket.Hold(this, source);
            if (isFirst)
                Arm();
            return false;
        }
    }

    /// <summary>Grants as many waiting tickets as the limit allows.</summary>
    private void Serve()
    {
        while (TryDequeue(out RateTicket? ticket))
        {
            if (Above(ticket.IsTcp) is not { } above || above.Ascend(ticket, IsAside ? ticket.Source! : this))
                ticket.Grant();
        }
    }

    private bool TryDequeue([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RateTicket? ticket)
    {
        lock (_lock)
        {
            while (_queue is not null && _queue.TryPeek(out ticket))
            {
                bool isServed = !ticket.IsWithdrawn;
                if (isServed && !_bucket.TryTake(ticket.Bytes, Now))
                {
                    Arm();
                    return false;
                }

                _queue.Dequeue(isServed);
                if (isServed)
                    return true;
            }

            ticket = null;
            return false;
        }
    }

    // Timers have a resolution of a millisecond; the bucket makes up for lateness.
    private void Arm()
    {
        double milliseconds = Math.Ceiling(_bucket.Wait(Now).TotalMilliseconds);

        // Most limits are unlimited, and nothing ever waits for them.
        _timer ??= _time.CreateTimer(static limit => ((RateLimit)limit!).Serve(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(milliseconds, 1)), Timeout.InfiniteTimeSpan);
    }

    private void Adjust(int bytes)
    {
        for (RateLimit? limit = this; limit is not null; limit = limit.Above(IsTcp))
        {
            if (bytes == 0 || limit._isUnlimited)
                continue;
            lock (limit._lock)
            {
                if (bytes > 0)
                    limit._bucket.Return(bytes);
                else
                    limit._bucket.Charge(-bytes);
            }
        }
    }
}
