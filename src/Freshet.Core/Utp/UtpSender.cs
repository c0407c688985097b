using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>The sending half of a connection: cuts bytes into packets as far as the window allows, and resends lost packets.</summary>
internal sealed class UtpSender
{
    // With more packets than this in flight, an incomplete packet waits for more data.
    private const int PacketsThatExcuseWaiting = 4;

    // A packet that is lost with its repetition keeps its number for three round trips. On the longest paths all numbers would be in use by
    // then, and everything would wait, so a repetition is sent twice where a round trip takes more than a third of all numbers.
    private const int NumbersThatMakeUrgent = UtpLimits.MaxPacketsUnderWay / 3;

    private readonly IUtpStream _stream;
    private readonly UtpPath _path;
    private readonly PacketPool _pool;
    private readonly UtpWriter _writer;
    private readonly Retransmission _timer = new();
    private bool _isLimited;
    private bool _isForced;
    private bool _isFinQueued;
    private uint _window;
    private long _roundEnds;

    public UtpSender(IUtpStream stream, PacketPool pool, UtpPath path, UtpWriter writer)
    {
        _stream = stream;
        _pool = pool;
        _path = path;
        _writer = writer;
        Packets = new SendBuffer(pool);
    }

    /// <summary>The packets that are sent and not acknowledged.</summary>
    public SendBuffer Packets { get; }

    /// <summary>
    /// Whether the socket had no room for a packet, or there was no memory for one and none is in flight that would return some.
    /// </summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Whether everything has been acknowledged, including the final packet.</summary>
    public bool HasEnded => _isFinQueued && Packets.Count == 0;

    /// <summary>The number of consecutive time-outs.</summary>
    public int Timeouts => _timer.Timeouts;

    /// <summary>When <see cref="OnDeadline"/> is due.</summary>
    public Timestamp Deadline =>
        Packets.HasUnderWay ? _timer.Deadline(_path.RoundTrip)
        : _stream.Unsent > 0 && !Packets.HasLost && !IsBlocked ? _timer.WindowProbe(_path.RoundTrip)
        : Timestamp.Never;

    /// <summary>Processes the acknowledgements in a packet; false if it acknowledges packets that were never sent.</summary>
    public bool OnPacket(in UtpPacket packet, Timestamp now)
    {
        int acknowledged = packet.Header.Acknowledged - Packets.First + 1;
        if (acknowledged > Packets.Count || acknowledged < -UtpLimits.MaxPacketsUnderWay)
            return false;
        Arrivals arrivals = new(now, now - _path.Delay.LeastRoundTrip);
        for (int i = 0; i < acknowledged; i++)
            Acknowledge(Packets.First + i, ref arrivals);
        AcknowledgeBits(new SelectiveAck(packet.Header.Acknowledged + 2, packet.SelectiveAck, Packets.Arrived), ref arrivals);
        if (!packet.RecentAck.IsEmpty)
        {
            SequenceNumber first = new(System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(packet.RecentAck));
            AcknowledgeBits(new SelectiveAck(first, packet.RecentAck[2..], Packets.Arrived), ref arrivals);
        }

        Packets.Advance();
        if (acknowledged >= 0)
            _window = packet.Header.Window;
        _timer.OnHeard(_window > 0);
        if (arrivals.Bytes > 0)
            OnArrivals(arrivals, packet.Header.TimestampDifference, now);
        return true;
    }

    /// <summary>No more bytes will be sent: after the remaining ones, the peer is told so.</summary>
    public void Finish() => IsFinishing = true;

    /// <summary>Whether <see cref="Finish"/> was called.</summary>
    public bool IsFinishing { get; private set; }

    /// <summary>Sends as much as may be sent now; returns whether anything was.</summary>
    public bool Flush(Timestamp now)
    {
        bool hasSent = false;
        _isLimited = IsBlocked = false;
        while (!IsBlocked && (Packets.HasLost ? TryResend(now) : TrySendNext(now)))
            hasSent = true;
        return hasSent;
    }

    /// <summary>The time allowed for an acknowledgement, or for a larger window, has passed.</summary>
    public void OnDeadline(Timestamp now)
    {
        if (!Packets.HasUnderWay)
        {
            // The announcement of a larger window may have been lost: a packet makes the peer repeat it.
            _timer.OnWindowProbe(now);
            _isForced = true;
            return;
        }

        if (_timer.IsProbeDue(_path.RoundTrip, now))
        {
            // The last packets may have been lost, and none follow them to reveal that: resending one of them does.
            Lose(Packets.Oldest);
            _isForced = true;
            return;
        }

        _timer.OnTimeout(isWindowShut: _window == 0, now);
        _path.OnTimeout(_timer.Timeouts);
        while (Packets.HasUnderWay)
            Lose(Packets.Oldest);
    }

    /// <summary>Returns all memory.</summary>
    public void Clear() => Packets.Clear();

    private void AcknowledgeBits(SelectiveAck bits, ref Arrivals arrivals)
    {
        while (bits.MoveNext())
        {
            int at = bits.Current - Packets.First;
            if (at >= 0 && at < Packets.Count)
                Acknowledge(bits.Current, ref arrivals);
        }
    }

    private void Acknowledge(SequenceNumber number, ref Arrivals arrivals)
    {
        if (Packets[number].IsAcknowledged)
            return;
        ref OutgoingPacket packet = ref Packets.Acknowledge(number, arrivals.SentBefore);
        arrivals.Add(packet);
        if (packet.IsProbe)
            _path.Mtu.OnArrived();
    }

    private void OnArrivals(Arrivals arrivals, uint difference, Timestamp now)
    {
        _timer.OnAcknowledged(now);
        if (arrivals.RoundTrip is { } roundTrip)
        {
            _path.RoundTrip.Add(roundTrip);
            _path.Delay.OnAcknowledged(difference, roundTrip, now);
        }

        _path.Congestion.OnAcknowledged(arrivals.Bytes, _isLimited, _path.Delay, now);
        while (Packets.TryFindLost(out SequenceNumber lost))
        {
            if (!Packets[lost].IsProbe)
                _path.Congestion.OnLoss(Packets[lost].Length, _path.Delay);
            Lose(lost);
            Packets[lost].IsUrgent = Packets.Next - lost > NumbersThatMakeUrgent;
        }

        if (Packets.NewestArrived < _roundEnds)
            return;
        _roundEnds = Packets.LastOrder + 1;
        _path.Congestion.OnRound(_path.Delay, now);
        _path.Congestion.Resize(_path.Mtu.Length);
    }

    private void Lose(SequenceNumber number)
    {
        ref OutgoingPacket packet = ref Packets[number];
        if (packet.IsProbe)
            _path.Mtu.OnLost();
        packet.IsProbe = packet.IsUrgent = false;
        Packets.MarkLost(number);
    }

    private bool TryResend(Timestamp now)
    {
        SequenceNumber number = Packets.FirstLost;
        if (!_isForced && Packets.BytesInFlight > 0 && Packets.BytesInFlight + Packets[number].Length > _path.Congestion.Window)
        {
            _isLimited = true;
            return false;
        }

        Packets.Resend();
        if (!TrySend(number, isProbe: false, now))
            return false;
        if (Packets[number].IsUrgent && _path.Congestion.IsLineLossy)
            Repeat(number, now);
        return true;
    }

    private void Repeat(SequenceNumber number, Timestamp now)
    {
        Packets.Double(number);
        Span<byte> packet = _pool.Of(Packets[number].Memory)[..Packets[number].Length];
        IsBlocked |= !_writer.TrySend(number, Packets[number].IsFin ? UtpPacketType.Fin : UtpPacketType.Data, packet, probedLength: 0, now);
    }

    private bool TrySendNext(Timestamp now)
    {
        int unsent = _stream.Unsent;
        int room = _path.Mtu.Length - UtpHeader.Length;
        bool isFin = unsent == 0 && IsFinishing && !_isFinQueued;
        if (unsent == 0 && !isFin)
            return false;
        if (Packets.Count >= UtpLimits.MaxPacketsUnderWay)
        {
            _path.Congestion.OnNumbersUsedUp(_path.Delay);
            return false;
        }

        if (unsent < room && !IsFinishing && Packets.BytesInFlight > PacketsThatExcuseWaiting * _path.Mtu.Length)
            return false;
        int payload = Math.Min(unsent, room);
        if (!_isForced && !isFin && !HasRoomFor(payload))
            return false;
        payload = Math.Min(payload, (int)Math.Clamp(_window, 1, (uint)room));
        if (!_pool.TryRent(Packets.InMemory, out int memory))
        {
            // Nothing that arrives would bring this connection's turn.
            IsBlocked = !Packets.HasUnderWay;
            return false;
        }

        Span<byte> packet = _pool.Of(memory);
        int length = UtpHeader.Length + (isFin ? 0 : _stream.Take(packet.Slice(UtpHeader.Length, payload)));
        _isFinQueued |= isFin;
        bool isProbe = length == _path.Mtu.Length && _path.Mtu.IsDue(now);
        if (!Packets.HasUnderWay)
            _timer.OnProgress(now);
        SequenceNumber number = Packets.Next;
        Packets.Add(memory, length, isFin);
        return TrySend(number, isProbe, now);
    }

    private bool HasRoomFor(int payload)
    {
        int underWay = Packets.BytesInFlight;
        if (payload > _window || (underWay > 0 && underWay + UtpHeader.Length + payload > _window))
            return false;
        _isLimited = underWay > 0 && underWay + UtpHeader.Length + payload > _path.Congestion.Window;
        return !_isLimited;
    }

    private bool TrySend(SequenceNumber number, bool isProbe, Timestamp now)
    {
        _isForced = false;
        Span<byte> packet = _pool.Of(Packets[number].Memory)[..Packets[number].Length];
        int probe = isProbe ? _path.Mtu.Begin(now) : 0;
        Packets.Sent(number, isProbe, now);
        if (_writer.TrySend(number, Packets[number].IsFin ? UtpPacketType.Fin : UtpPacketType.Data, packet, probe, now))
            return true;
        if (isProbe)
            _path.Mtu.Cancel();
        Packets[number].IsProbe = false;
        Packets[number].Transmissions--;
        Packets.MarkLost(number);
        IsBlocked = true;
        return false;
    }
}
