using System.Buffers.Binary;
using Freshet.Core;
using Freshet.Core.Rates;
using Freshet.Core.Utp;

namespace Freshet.Fuzz.Targets;

/// <summary>
/// Datagrams to a uTP socket (BEP 29): the machine accepts whatever arrives, what it keeps is bounded, and a stranger is not sent more than
/// it sent. Each datagram follows two bytes: one that says what is corrected in it, since no mutation would ever find the right id and
/// number, and one with its length.
/// </summary>
internal sealed class UtpMachineTarget : IFuzzTarget
{
    private const int MaxConnections = 4;

    /// <summary>The meaning of the byte before a datagram.</summary>
    [Flags]
    private enum Kind
    {
        /// <summary>It comes from the peer that we connect to, with the right id and with a number of ours that it acknowledges.</summary>
        OfPeer = 1,

        /// <summary>It comes from the stranger that we answered last, as if it had seen the answer.</summary>
        Answering = 2,

        /// <summary>It has the number that is expected, plus an offset.</summary>
        InOrder = 4,

        /// <summary>A second has passed.</summary>
        Later = 8,

        /// <summary>We close before it arrives.</summary>
        AfterClose = 16,

        /// <summary>The next one arrives in the same batch.</summary>
        WithNext = 32,

        /// <summary>It is as long as the socket takes, with zeros.</summary>
        Long = 64,
    }

    public string Name => "utp-machine";

    public IReadOnlyList<byte[]> Words => [[0x01, 0x01], [0x21, 0x01], [0x41, 0x00], [0x31, 0x00], [0x11, 0x00], [0x66, 0x82]];

    public IEnumerable<byte[]> Seeds =>
    [
        [.. Datagram(0, Syn), .. Datagram(Kind.Answering, Data), .. Datagram(Kind.Answering | Kind.InOrder, Fin)],
        [.. Datagram(Kind.OfPeer, State), .. Datagram(Kind.OfPeer | Kind.InOrder, Data), .. Datagram(Kind.OfPeer | Kind.Later, State)],
        [.. Datagram(Kind.OfPeer, State), .. Datagram(Kind.OfPeer, Selective), .. Datagram(Kind.OfPeer | Kind.AfterClose, Reset)],
    ];

    private static byte[] Syn => Convert.FromHexString("4100123400000001000000000010000000070000");

    private static byte[] Data => Convert.FromHexString("0100123500000001000000020010000000080005AABBCC");

    private static byte[] State => Convert.FromHexString("2100123500000001000000020010000000080005");

    private static byte[] Selective => Convert.FromHexString("210112350000000100000002001000000008000500040F000080");

    private static byte[] Fin => Convert.FromHexString("1100123500000001000000020010000000090005");

    private static byte[] Reset => Convert.FromHexString("3100123500000001000000020010000000080005");

    public long AllocationLimit(int inputLength) => (8L << 20) + (256L * inputLength);

    public void Run(ReadOnlySpan<byte> input)
    {
        Socket socket = new();
        byte[] buffer = new byte[Limits.MaxDatagramLength];
        while (input.Length >= 2)
        {
            Kind kind = (Kind)input[0];
            int length = Math.Min(input[1], input.Length - 2);
            Span<byte> datagram = buffer.AsSpan(0, kind.HasFlag(Kind.Long) ? buffer.Length : length);
            datagram.Clear();
            input.Slice(2, length).CopyTo(datagram);
            socket.Receive(kind, datagram);
            input = input[(2 + length)..];
        }

        socket.End();
    }

    private static byte[] Datagram(Kind kind, byte[] bytes) => [(byte)kind, (byte)bytes.Length, .. bytes];

    private readonly record struct Address(byte Number) : IUtpAddress
    {
        public int LongestPacket => 1_472;

        public void WriteTo(Span<byte> bytes) => bytes[0] = Number;
    }

    /// <summary>A socket with a connection to a peer, and strangers.</summary>
    private sealed class Socket : IUtpEffects<Address>
    {
        private static readonly Address Peer = new(1);
        private static readonly Address Stranger = new(2);

        private readonly UtpMachine<Address> _machine;
        private readonly Stream _stream = new();
        private readonly UtpConnection _connection;
        private readonly List<Stream> _accepted = [];
        private readonly byte[] _answer = new byte[UtpHeader.Length];
        private readonly byte[] _last = new byte[UtpHeader.Length];
        private Timestamp _now = new(TimeSpan.TicksPerDay);
        private int _datagrams;
        private long _fromStranger;
        private long _toStranger;

        public Socket()
        {
            UtpMachineOptions options = new() { MaxConnections = MaxConnections, Secret = new byte[32] };
            _machine = new UtpMachine<Address>(this, options, new Random(1));
            _connection = _machine.Connect(Peer, _stream, _now)!;
            _machine.OnBatchEnd(_now);
        }

        public void Receive(Kind kind, Span<byte> datagram)
        {
            _now += (kind & Kind.Later) != 0 ? TimeSpan.FromSeconds(1) : TimeSpan.FromMilliseconds(1);
            if (_machine.NextDeadline <= _now)
                _machine.OnDeadline(_now);
            if ((kind & Kind.AfterClose) != 0 && !_connection.HasEnded)
            {
                _connection.Close(_now);
                _machine.Touch(_connection);
            }

            if (!UtpHeader.IsPacket(datagram))
                return;
            bool isOfPeer = (kind & Kind.OfPeer) != 0;
            PutRight(kind, datagram);
            _datagrams++;
            if (!isOfPeer)
                _fromStranger += datagram.Length;
            _machine.OnDatagram(datagram, isOfPeer ? Peer : Stranger, _now);
            if ((kind & Kind.WithNext) != 0)
                return;
            _machine.OnBatchEnd(_now);
            Check();
        }

        public void End()
        {
            _machine.Abort(_now);
            FuzzException.Require(_machine.Count == 0, "no connection may outlive the end");
            FuzzException.Require(_machine.PacketsInMemory == 0, "no packet may outlive its connection");
            FuzzException.Require(
                _stream.Ends == 1 && _accepted.TrueForAll(static stream => stream.Ends == 1), "each connection must end, once");
        }

        bool IUtpEffects<Address>.TrySend(ReadOnlySpan<byte> datagram, Address target, Address? own, bool dontFragment)
        {
            FuzzException.Require(datagram.Length <= target.LongestPacket, "no packet may be longer than the network carries");
            if (target == Peer)
                return true;
            _toStranger += datagram.Length;
            datagram[..UtpHeader.Length].CopyTo(_answer);
            return true;
        }

        IUtpStream? IUtpEffects<Address>.Accept(Address sender) => new Stream();

        void IUtpEffects<Address>.OnAccepted(IUtpStream stream, UtpConnection connection) => _accepted.Add((Stream)stream);

        private void PutRight(Kind kind, Span<byte> datagram)
        {
            Span<byte> id = datagram.Slice(2, 2);
            Span<byte> number = datagram.Slice(16, 2);
            Span<byte> acknowledged = datagram.Slice(18, 2);
            if ((kind & Kind.OfPeer) != 0)
            {
                BinaryPrimitives.WriteUInt16BigEndian(id, _connection.Identity.Receive);
                BinaryPrimitives.WriteUInt16BigEndian(acknowledged, (_connection.NextSequence - 1).Value);
            }
            else if ((kind & Kind.Answering) != 0)
            {
                UtpHeader answer = UtpHeader.Read(_answer);
                BinaryPrimitives.WriteUInt16BigEndian(id, (ushort)(answer.ConnectionId + 1));
                BinaryPrimitives.WriteUInt16BigEndian(number, (answer.Acknowledged + 1).Value);
                BinaryPrimitives.WriteUInt16BigEndian(acknowledged, answer.Sequence.Value);
            }

            if ((kind & Kind.InOrder) != 0)
            {
                SequenceNumber next = UtpHeader.Read(_last).Sequence + 1;
                BinaryPrimitives.WriteUInt16BigEndian(number, next.Value);
            }

            datagram[..UtpHeader.Length].CopyTo(_last);
        }

        private void Check()
        {
            FuzzException.Require(_machine.Count <= MaxConnections, "connections must be bounded");
            FuzzException.Require(
                _machine.PacketsInMemory <= _datagrams + (Stream.Bytes / 100), "no more may be kept than has arrived or is in flight");
            FuzzException.Require(_accepted.Count > 0 || _toStranger <= _fromStranger, "a stranger must not be sent more than it sent");
            FuzzException.Require(_stream.Ends <= 1, "a connection must end once");
        }
    }

    /// <summary>Sends some bytes, and reads whatever arrives.</summary>
    private sealed class Stream : IUtpStream
    {
        public const int Bytes = 50_000;

        public int Ends { get; private set; }

        public int Unread => 0;

        public int MostUnread => int.MaxValue;

        public int Unsent { get; private set; } = Bytes;

        public int Take(Span<byte> destination)
        {
            int length = Math.Min(destination.Length, Unsent);
            destination[..length].Clear();
            Unsent -= length;
            return length;
        }

        public void Deliver(ReadOnlySpan<byte> bytes) => FuzzException.Require(Ends == 0, "nothing may come after the end");

        public void OnConnected()
        {
        }

        public void OnEndOfStream()
        {
        }

        public void OnEnded(UtpEnd end) => Ends++;

        public void OnBatchEnd()
        {
        }
    }
}
