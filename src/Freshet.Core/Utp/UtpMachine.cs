using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>
/// All connections of one socket, identified by the peer's address and by the id that we receive with. Used by one thread at a time, like
/// everything below it; time is a parameter.
/// </summary>
internal sealed class UtpMachine<TAddress>
    where TAddress : struct, IUtpAddress, IEquatable<TAddress>
{
    private const int TriesForAnId = 16;
    private const int MostResetsPerBatch = 16;

    private static readonly TimeSpan BeforeNextSend = TimeSpan.FromMilliseconds(1);

    private readonly IUtpEffects<TAddress> _effects;
    private readonly UtpMachineOptions _options;
    private readonly Random _random;
    private readonly SynCookies _cookies;
    private readonly PacketPool _pool = new(UtpLimits.MaxPackets);
    private readonly Dictionary<Key, Line> _lines = [];
    private readonly List<Line> _touched = [];
    private readonly LinkedList<Line> _closing = new();
    private readonly TimerWheel _timers = new();
    private Line? _last;
    private int _resets;
    private bool _isBlocked;
    private Timestamp _resumes;

    /// <param name="effects">Receives the requested actions.</param>
    /// <param name="options">Bounds and secrets.</param>
    /// <param name="random">Chooses ids and initial sequence numbers.</param>
    public UtpMachine(IUtpEffects<TAddress> effects, UtpMachineOptions options, Random random)
    {
        _effects = effects;
        _options = options;
        _random = random;
        _cookies = new SynCookies(options.Secret);
    }

    /// <summary>The number of connections, including those that are opening or closing.</summary>
    public int Count => _lines.Count;

    /// <summary>The number of packets kept in memory.</summary>
    public int PacketsInMemory => _pool.InUse;

    /// <summary>Receive window bytes that are reserved, beyond the initial window of each connection.</summary>
    public int ReservedWindows { get; private set; }

    /// <summary>When <see cref="OnDeadline"/> is due.</summary>
    public Timestamp NextDeadline => _isBlocked ? Timestamp.Min(_resumes, _timers.NextDeadline) : _timers.NextDeadline;

    /// <summary>Opens a connection; null if there are too many.</summary>
    public UtpConnection? Connect(TAddress address, IUtpStream stream, Timestamp now)
    {
        if (!TryMakeRoom(now))
            return null;
        for (int i = 0; i < TriesForAnId; i++)
        {
            UtpIdentity identity = UtpIdentity.OfInitiator((ushort)_random.Next(ushort.MaxValue + 1));
            if (_lines.ContainsKey(new Key(address, identity.Receive)))
                continue;
            Line line = Add(address, identity, stream);
            line.Connection.Connect(new SequenceNumber((ushort)_random.Next(ushort.MaxValue + 1)), now);
            Touch(line);
            return line.Connection;
        }

        return null;
    }

    /// <summary>A datagram arrived for which <see cref="UtpHeader.IsPacket"/> is true.</summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="sender">Where it comes from.</param>
    /// <param name="now">The current time.</param>
    /// <param name="own">The address of ours that it was sent to; null if there is only one.</param>
    public void OnDatagram(ReadOnlySpan<byte> datagram, TAddress sender, Timestamp now, TAddress? own = null)
    {
        if (!UtpPacket.TryRead(datagram, out UtpPacket packet))
            return;
        UtpHeader header = packet.Header;
        if (Find(header, sender) is { } line)
            Receive(line, packet, now, own);
        else if (header.Type == UtpPacketType.Syn)
            Answer(header, sender, now, own);
        else if (header.Type is UtpPacketType.Data && _cookies.TryMatch(sender, header, now, out SequenceNumber syn))
            Accept(packet, sender, syn, now, own);
        else if (header.Type != UtpPacketType.Reset)
            Refuse(header, sender, now, own);
    }

    /// <summary>There are bytes to send, bytes were read, or the connection was closed: something may be due.</summary>
    public void Touch(UtpConnection connection)
    {
        if (!connection.IsForgotten)
            Touch((Line)connection.Line);
    }

    /// <summary>The whole batch has been passed in: sends what is due, and wakes waiting readers and writers.</summary>
    public void OnBatchEnd(Timestamp now)
    {
        _isBlocked = false;
        _resets = 0;
        int blocked = 0;
        for (int i = 0; i < _touched.Count; i++)
        {
            Line line = _touched[i];
            line.Connection.Flush(now);
            line.IsTouched = line.Connection.IsBlocked && !line.Connection.HasEnded;
            if (line.IsTouched)
                _touched[blocked++] = line;
            line.Stream.OnBatchEnd();
            SetTimer(line);
        }

        _touched.RemoveRange(blocked, _touched.Count - blocked);
        if (blocked == 0)
            return;
        _isBlocked = true;
        _resumes = now + BeforeNextSend;
    }

    /// <summary>The deadline has been reached.</summary>
    public void OnDeadline(Timestamp now)
    {
        while (_timers.Advance(now) is UtpConnection connection)
        {
            Line line = (Line)connection.Line;
            connection.OnDeadline(now);
            Touch(line);
        }

        OnBatchEnd(now);
    }

    /// <summary>Ends all connections at once with resets to the peers.</summary>
    public void Abort(Timestamp now)
    {
        foreach (Line line in _lines.Values)
        {
            line.Connection.Abort(now);
            Touch(line);
        }

        OnBatchEnd(now);
    }

    private Line? Find(in UtpHeader header, TAddress sender)
    {
        // A ST_SYN has the id that its sender receives with; all later packets from it have the next id.
        ushort id = header.Type == UtpPacketType.Syn ? (ushort)(header.ConnectionId + 1) : header.ConnectionId;
        if (_last is { } last && last.Key.Id == id && last.Key.Address.Equals(sender))
            return last;
        if (_lines.TryGetValue(new Key(sender, id), out Line? line))
            return _last = line;
        if (header.Type != UtpPacketType.Reset)
            return null;

        // A peer that does not know a connection returns the id that it was sent.
        return Sending(new Key(sender, (ushort)(id - 1)), id) ?? Sending(new Key(sender, (ushort)(id + 1)), id);
    }

    private Line? Sending(Key key, ushort id) =>
        _lines.TryGetValue(key, out Line? line) && line.Connection.Identity.Send == id ? line : null;

    private void Receive(Line line, in UtpPacket packet, Timestamp now, TAddress? own)
    {
        line.Connection.OnPacket(packet, now);

        // The peer knows us by the address that it answers, and that does not change.
        if (line.Connection.IsConnected)
            line.Own ??= own;
        Touch(line);
    }

    private void Answer(in UtpHeader syn, TAddress sender, Timestamp now, TAddress? own)
    {
        if (!_options.AcceptsIncoming || (_lines.Count >= _options.MaxConnections && _closing.Count == 0))
            return;
        Span<byte> answer = stackalloc byte[UtpHeader.Length];
        SequenceNumber first = _cookies.Of(sender, syn.ConnectionId, syn.Sequence, now);
        new UtpHeader(UtpPacketType.State, syn.ConnectionId, first, syn.Sequence)
        {
            Timestamp = QueueingDelay.Microseconds(now),
            TimestampDifference = QueueingDelay.Microseconds(now) - syn.Timestamp,
            Window = UtpLimits.FirstWindow,
        }.Write(answer);
        _effects.TrySend(answer, sender, own);
    }

    private void Accept(in UtpPacket packet, TAddress sender, SequenceNumber syn, Timestamp now, TAddress? own)
    {
        UtpHeader header = packet.Header;
        IUtpStream? stream = _options.AcceptsIncoming && TryMakeRoom(now) ? _effects.Accept(sender) : null;
        if (stream is null)
        {
            Refuse(header, sender, now, own);
            return;
        }

        Line line = Add(sender, UtpIdentity.OfAcceptor((ushort)(header.ConnectionId - 1)), stream);
        line.Connection.Accept(syn, header.Acknowledged + 1);
        _effects.OnAccepted(stream, line.Connection);
        Receive(line, packet, now, own);
    }

    private void Refuse(in UtpHeader header, TAddress sender, Timestamp now, TAddress? own)
    {
        if (++_resets > MostResetsPerBatch)
            return;

        // A ST_STATE has the number of the next packet, and clients ignore a reset that acknowledges what was never sent.
        SequenceNumber last = header.Type == UtpPacketType.State ? header.Sequence - 1 : header.Sequence;
        Span<byte> reset = stackalloc byte[UtpHeader.Length];
        new UtpHeader(UtpPacketType.Reset, header.ConnectionId, header.Acknowledged + 1, last)
        {
            Timestamp = QueueingDelay.Microseconds(now),
        }.Write(reset);
        _effects.TrySend(reset, sender, own);
    }

    private Line Add(TAddress address, UtpIdentity identity, IUtpStream stream)
    {
        Line line = new(this, new Key(address, identity.Receive), stream);
        line.Connection = new UtpConnection(identity, stream, line, _pool, address.LongestPacket - _options.Overhead);
        _lines.Add(line.Key, line);
        return line;
    }

    // Closed connections, which only deliver their last bytes, give up their places to new ones.
    private bool TryMakeRoom(Timestamp now)
    {
        while (_lines.Count >= _options.MaxConnections && _closing.First is { Value: Line oldest })
        {
            oldest.Connection.Abort(now);
            SetTimer(oldest);
        }

        return _lines.Count < _options.MaxConnections;
    }

    private void Touch(Line line)
    {
        if (line.IsTouched)
            return;
        line.IsTouched = true;
        _touched.Add(line);
    }

    private void SetTimer(Line line)
    {
        if (!line.Connection.HasEnded)
        {
            if (line.Connection.IsClosing && line.Closing.List is null)
                _closing.AddLast(line.Closing);
            _timers.Set(line.Connection, line.Connection.NextDeadline);
            return;
        }

        line.Connection.IsForgotten = true;
        line.Closing.List?.Remove(line.Closing);
        _timers.Remove(line.Connection);
        if (_last == line)
            _last = null;
        if (_lines.TryGetValue(line.Key, out Line? current) && current == line)
            _lines.Remove(line.Key);
    }

    private readonly record struct Key(TAddress Address, ushort Id);

    private sealed class Line : IUtpLine
    {
        private readonly UtpMachine<TAddress> _machine;

        public Line(UtpMachine<TAddress> machine, Key key, IUtpStream stream)
        {
            _machine = machine;
            Key = key;
            Stream = stream;
            Closing = new LinkedListNode<Line>(this);
        }

        public Key Key { get; }

        public IUtpStream Stream { get; }

        /// <summary>Its place among those that are closing.</summary>
        public LinkedListNode<Line> Closing { get; }

        public UtpConnection Connection { get; set; } = null!;

        /// <summary>The address of ours by which the peer knows us; null while it is whichever the system chooses.</summary>
        public TAddress? Own { get; set; }

        public bool IsTouched { get; set; }

        public bool TrySend(ReadOnlySpan<byte> packet, bool dontFragment) =>
            _machine._effects.TrySend(packet, Key.Address, Own, dontFragment);

        public int Reserve(int held, int wanted)
        {
            // With what it gets it has half of what is left then.
            int most = (UtpLimits.MaxWindows - _machine.ReservedWindows - (2 * held)) / 3;
            int bytes = Math.Clamp(wanted, 0, Math.Max(most, 0));
            _machine.ReservedWindows += bytes;
            return bytes;
        }

        public void Release(int bytes) => _machine.ReservedWindows -= bytes;
    }
}
