using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>
/// A connection (BEP 29): opens it, passes packets to its two halves, and ends it. It is connected once the peer has answered. It ends when
/// everything has been sent and acknowledged after <see cref="Close"/>, when the peer resets it, or when the peer stays silent.
/// </summary>
internal sealed class UtpConnection : TimerEntry
{
    private const int MostTimeouts = 6;
    private const int MostSyns = 3;
    private const int MostReminders = 3;

    // More than a peer that is there acknowledges at once. On a fast path, half of all numbers may be in flight.
    private const int MostAcknowledgedByReset = 256;
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(29);
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(UtpLimits.LingerSeconds);
    private static readonly TimeSpan BeforeReminder = TimeSpan.FromMilliseconds(500);

    private readonly IUtpStream _stream;
    private readonly UtpPath _path;
    private readonly UtpReceiver _receiver;
    private readonly UtpSender _sender;
    private readonly UtpWriter _writer;
    private Timestamp _synDue = Timestamp.Never;
    private Timestamp _lingersUntil = Timestamp.Never;
    private Timestamp _reminderDue = Timestamp.Never;
    private int _reminders;
    private int _syns;
    private bool _isStateDue;

    public UtpConnection(UtpIdentity identity, IUtpStream stream, IUtpLine line, PacketPool pool, int longestPacket)
    {
        Identity = identity;
        Line = line;
        _stream = stream;
        _path = new UtpPath(longestPacket);
        _receiver = new UtpReceiver(stream, line, pool);
        _writer = new UtpWriter(identity, line, _receiver, _path.Delay);
        _sender = new UtpSender(stream, pool, _path, _writer);
    }

    public UtpIdentity Identity { get; }

    /// <summary>How packets are sent to the peer.</summary>
    public IUtpLine Line { get; }

    /// <summary>Whether the peer has answered.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Whether the connection has ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether it was closed: all that is left is to deliver its last bytes.</summary>
    public bool IsClosing => _sender.IsFinishing;

    /// <summary>Whether its machine has dropped it.</summary>
    public bool IsForgotten { get; set; }

    /// <summary>Whether packets wait for room in the socket.</summary>
    public bool IsBlocked => _sender.IsBlocked || _isStateDue;

    /// <summary>The measurements of the path to the peer.</summary>
    public UtpPath Path => _path;

    /// <summary>The smoothed round-trip time; zero while unknown. May be read on any thread.</summary>
    public TimeSpan RoundTrip => _path.RoundTrip.Smoothed;

    /// <summary>Bytes in flight.</summary>
    public int BytesInFlight => _sender.Packets.BytesInFlight;

    /// <summary>The sequence number of the next packet to send.</summary>
    public SequenceNumber NextSequence => _sender.Packets.Next;

    /// <summary>Whether the peer should be told that the receive window has grown considerably. Readers use it too, as a hint.</summary>
    public bool IsWindowNews => _receiver.IsWindowNews(_writer.ToldWindow);

    /// <summary>Sends the packet that opens the connection.</summary>
    public void Connect(SequenceNumber first, Timestamp now)
    {
        _sender.Packets.Begin(first + 1);
        SendSyn(now);
    }

    /// <summary>The peer has opened the connection, and has responded to our answer.</summary>
    public void Accept(SequenceNumber theirs, SequenceNumber ours)
    {
        _receiver.Begin(theirs);
        _sender.Packets.Begin(ours);
        IsConnected = true;
    }

    /// <summary>A packet arrived.</summary>
    public void OnPacket(in UtpPacket packet, Timestamp now)
    {
        // A packet of the same batch ended the connection: memory for later ones would never be returned.
        if (HasEnded)
            return;
        UtpHeader header = packet.Header;
        if (header.Type == UtpPacketType.Reset)
        {
            OnReset(header);
            return;
        }

        if (!IsConnected && !TryConnect(header, now))
            return;
        if (header.Type == UtpPacketType.Syn)
        {
            // Our answer was lost.
            _receiver.IsAckDue = true;
            return;
        }

        if (!_sender.OnPacket(packet, now))
            return;
        _path.Delay.OnPacket(header.Timestamp, now);
        if (header.Type is UtpPacketType.Data or UtpPacketType.Fin)
        {
            _reminderDue = Timestamp.Never;
            _receiver.OnPacket(header.Sequence, packet.Payload, header.Type == UtpPacketType.Fin);
            _receiver.Tune(_path.RoundTrip.Smoothed, now);
        }

        _receiver.Review(now);
    }

    /// <summary>Sends what is due: data as far as the window allows, otherwise an acknowledgement.</summary>
    public void Flush(Timestamp now)
    {
        if (!IsConnected || HasEnded)
            return;
        bool wasShut = _writer.ToldWindow < _path.Mtu.Length;
        _sender.Flush(now);
        SendState(now);
        if (wasShut && _writer.ToldWindow >= _path.Mtu.Length)
            BeginReminders(now);
        if (_sender.HasEnded)
            End(UtpEnd.Closed);
    }

    /// <summary>Sends the remaining data, then tells the peer that nothing more follows; nothing is received any more.</summary>
    public void Close(Timestamp now)
    {
        if (!IsConnected)
        {
            End(UtpEnd.Closed);
            return;
        }

        _receiver.Close();
        _sender.Finish();
        _lingersUntil = Timestamp.Min(_lingersUntil, now + Linger);
    }

    /// <summary>Ends the connection at once with a reset to the peer.</summary>
    public void Abort(Timestamp now)
    {
        if (HasEnded)
            return;
        _writer.TrySendState(UtpPacketType.Reset, _sender.Packets.Next, now);
        End(UtpEnd.Closed);
    }

    /// <summary>When <see cref="OnDeadline"/> is due.</summary>
    public Timestamp NextDeadline =>
        !IsConnected ? _synDue
        : Timestamp.Min(
            Timestamp.Min(_sender.Deadline, _lingersUntil), Timestamp.Min(_reminderDue, _writer.LastSent + KeepAlive));

    /// <summary>The deadline has been reached.</summary>
    public void OnDeadline(Timestamp now)
    {
        if (!IsConnected)
        {
            if (_syns < MostSyns)
                SendSyn(now);
            else
                End(UtpEnd.TimedOut);
            return;
        }

        if (now >= _lingersUntil)
        {
            Abort(now);
            return;
        }

        _receiver.Review(now);
        if (now >= _reminderDue)
            Remind(now);
        if (now >= _sender.Deadline)
            _sender.OnDeadline(now);
        else if (now >= _writer.LastSent + KeepAlive)
            _writer.SendKeepAlive(_sender.Packets.Next, now);
        if (_sender.Timeouts >= MostTimeouts)
            End(UtpEnd.TimedOut);
    }

    // A reader that makes room while a packet is written may see the old window told, and the packet the old room. One of the two sees what
    // the other has written, because each writes before the barrier and reads after it.
    private void SendState(Timestamp now)
    {
        _isStateDue = _receiver.IsAckDue;
        while (true)
        {
            Interlocked.MemoryBarrier();
            if (!_isStateDue && !IsWindowNews)
                return;
            _isStateDue = !_writer.TrySendState(UtpPacketType.State, _sender.Packets.Next, now);
            if (_isStateDue)
                return;
        }
    }

    // The peer sends nothing until it is told that the window is open again, and that packet may be lost.
    private void BeginReminders(Timestamp now)
    {
        _reminders = 0;
        _reminderDue = now + ReminderWait;
    }

    private void Remind(Timestamp now)
    {
        _receiver.IsAckDue = true;
        _reminderDue = ++_reminders < MostReminders ? now + (ReminderWait * (1 << _reminders)) : Timestamp.Never;
    }

    private TimeSpan ReminderWait
    {
        get
        {
            TimeSpan roundTrips = 2 * _path.RoundTrip.Smoothed;
            return roundTrips > BeforeReminder ? roundTrips : BeforeReminder;
        }
    }

    /// <summary>
    /// The answer to a ST_SYN acknowledges it. An ST_STATE has the number of the next packet, which is the first one that will arrive.
    /// </summary>
    private bool TryConnect(in UtpHeader header, Timestamp now)
    {
        if (header.Acknowledged != _sender.Packets.First - 1 || header.Type is UtpPacketType.Syn)
            return false;
        _receiver.Begin(header.Sequence - 1);
        IsConnected = true;
        if (_syns == 1)
            _path.RoundTrip.Add(now - _writer.LastSent);
        _stream.OnConnected();
        return true;
    }

    /// <summary>
    /// A reset ends the connection only if it acknowledges what the next acknowledgement may: an off-path attacker who knows of the
    /// connection would have to guess that too. Some clients acknowledge the packet that they refuse, which may be far ahead. Such a reset
    /// is believed when the oldest packet, for want of acknowledgements, is sent again and refused.
    /// </summary>
    private void OnReset(in UtpHeader header)
    {
        int ahead = header.Acknowledged - _sender.Packets.First + 1;
        if (ahead < 0 || ahead > Math.Min(_sender.Packets.Count + 1, MostAcknowledgedByReset))
            return;

        // After we closed, we may have missed that the peer closed too and has dropped the connection.
        End(_sender.IsFinishing ? UtpEnd.Closed : IsConnected ? UtpEnd.Reset : UtpEnd.Refused);
    }

    private void SendSyn(Timestamp now)
    {
        _writer.TrySendSyn(_sender.Packets.First - 1, now);
        _synDue = now + (TimeSpan.FromSeconds(1) * (1 << _syns));
        _syns++;
    }

    private void End(UtpEnd end)
    {
        if (HasEnded)
            return;
        HasEnded = true;
        _sender.Clear();
        _receiver.Clear();
        _stream.OnEnded(end);
    }
}
