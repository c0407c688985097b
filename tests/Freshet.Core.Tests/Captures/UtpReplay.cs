using System.Buffers.Binary;
using Freshet.Core.Utp;

namespace Freshet.Core.Tests.Captures;

/// <summary>
/// Puts a machine of ours in the place of one side of a captured connection. The other side's datagrams arrive at their recorded times. The
/// datagrams of the replaced side say when it sent what; our side sends the same then, packet for packet. If it was dialled, our answer has
/// a different first number; then what the other side acknowledges is counted from ours.
/// </summary>
internal sealed class UtpReplay : IUtpEffects<UtpReplay.Address>, IUtpStream
{
    private const int AcknowledgedAt = 18;

    private readonly Capture _capture;
    private readonly string _ours;
    private readonly UtpMachine<Address> _machine;
    private readonly Queue<byte> _unsent = new();
    private readonly HashSet<int> _said = [];
    private readonly SequenceNumber _theirFirst;
    private SequenceNumber? _ourFirst;
    private UtpConnection? _connection;

    /// <param name="capture">The capture.</param>
    /// <param name="ours">The side that is replaced.</param>
    public UtpReplay(Capture capture, string ours)
    {
        _capture = capture;
        _ours = ours;
        UtpHeader first = UtpHeader.Read(capture.Parts.First(part => part.Who == ours).Bytes);
        _theirFirst = first.Sequence;
        UtpMachineOptions options = new() { MaxConnections = 5, Secret = new byte[32] };
        _machine = new UtpMachine<Address>(this, options, new Script(first.ConnectionId, first.Sequence.Value));
        if (first.Type == UtpPacketType.Syn)
            _ourFirst = _theirFirst;
    }

    public List<byte> Delivered { get; } = [];

    public UtpEnd? End { get; private set; }

    public int Connections => _machine.Count;

    /// <summary>How many of our packets reported what had arrived after a gap.</summary>
    public int SelectiveAcks { get; private set; }

    int IUtpStream.Unread => 0;

    int IUtpStream.MostUnread => int.MaxValue;

    int IUtpStream.Unsent => _unsent.Count;

    public void Run()
    {
        foreach (Capture.Part part in _capture.Parts)
        {
            while (_machine.NextDeadline <= part.At)
                _machine.OnDeadline(_machine.NextDeadline);
            if (part.Who == _ours || part.Who == "lost-" + _ours)
                Say(part);
            else if (!part.Who.StartsWith("lost", StringComparison.Ordinal))
                Hear(part);
            _machine.OnBatchEnd(part.At);
        }

        // A side that has closed may wait for a last packet.
        for (int i = 0; i < 100 && _machine.Count > 0; i++)
            _machine.OnDeadline(_machine.NextDeadline);
    }

    bool IUtpEffects<Address>.TrySend(ReadOnlySpan<byte> datagram, Address target, Address? own, bool dontFragment)
    {
        UtpHeader header = UtpHeader.Read(datagram);
        if (header.Type == UtpPacketType.State)
            _ourFirst ??= header.Sequence;
        SelectiveAcks += datagram[1] == (byte)UtpExtension.SelectiveAck ? 1 : 0;
        return true;
    }

    IUtpStream? IUtpEffects<Address>.Accept(Address sender) => this;

    void IUtpEffects<Address>.OnAccepted(IUtpStream stream, UtpConnection connection) => _connection = connection;

    int IUtpStream.Take(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, _unsent.Count);
        for (int i = 0; i < count; i++)
            destination[i] = _unsent.Dequeue();
        return count;
    }

    void IUtpStream.Deliver(ReadOnlySpan<byte> bytes) => Delivered.AddRange(bytes);

    void IUtpStream.OnConnected()
    {
    }

    void IUtpStream.OnEndOfStream()
    {
    }

    void IUtpStream.OnEnded(UtpEnd end) => End = end;

    void IUtpStream.OnBatchEnd()
    {
    }

    private void Say(Capture.Part part)
    {
        UtpPacket.TryRead(part.Bytes, out UtpPacket packet);
        UtpPacketType type = packet.Header.Type;

        // What was sent again in the recording our side sends again by itself, when it sees fit.
        if (type == UtpPacketType.State || !_said.Add(packet.Header.Sequence.Value))
            return;
        if (type == UtpPacketType.Syn)
            _connection = _machine.Connect(default, this, part.At);
        else if (type == UtpPacketType.Fin)
            _connection!.Close(part.At);
        else
            Array.ForEach(packet.Payload.ToArray(), _unsent.Enqueue);
        _machine.Touch(_connection!);
    }

    private void Hear(Capture.Part part)
    {
        byte[] datagram = [.. part.Bytes];
        UtpHeader header = UtpHeader.Read(datagram);
        if (_ourFirst is { } first && header.Type != UtpPacketType.Syn)
            BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(AcknowledgedAt), (first + (header.Acknowledged - _theirFirst)).Value);
        _machine.OnDatagram(datagram, default, part.At);
    }

    /// <summary>The only other side.</summary>
    internal readonly record struct Address : IUtpAddress
    {
        public int LongestPacket => 1_472;

        public void WriteTo(Span<byte> bytes) => bytes[0] = 1;
    }

    // The id and the first number of the side that dialled.
    private sealed class Script(params int[] numbers) : Random
    {
        private int _next;

        public override int Next(int maxValue) => numbers[_next++];
    }
}
