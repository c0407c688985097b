using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Freshet.Cli.Tests;

/// <summary>
/// A seed with known data, which records the order in which pieces are requested; or a peer that has nothing, and learns which pieces
/// there are. It serves one connection.
/// </summary>
internal sealed class RecordingPeer : IDisposable
{
    private const int HandshakeLength = 68;
    private const byte Unchoke = 1;
    private const byte Interested = 2;
    private const byte Have = 4;
    private const byte Bitfield = 5;
    private const byte Request = 6;
    private const byte Piece = 7;
    private const byte Extended = 20;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _data;
    private readonly bool _isSeed;
    private volatile int _piecesHeardOf;

    public RecordingPeer(byte[] data, bool isSeed = true)
    {
        _data = data;
        _isSeed = isSeed;
        _listener.Start();
        Serving = ServeAsync();
    }

    public string EndPoint => _listener.LocalEndpoint.ToString()!;

    public List<int> PiecesAskedFor { get; } = [];

    /// <summary>How many pieces the other side has announced.</summary>
    public int PiecesHeardOf => _piecesHeardOf;

    /// <summary>Which extensions the other side offered (BEP 10): its message, bencoded.</summary>
    public string Extensions { get; private set; } = "";

    /// <summary>Completes when the other side has gone.</summary>
    public Task Serving { get; }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        using TcpClient client = await _listener.AcceptTcpClientAsync();
        NetworkStream stream = client.GetStream();
        byte[] handshake = new byte[HandshakeLength];
        await stream.ReadExactlyAsync(handshake);

        // The same info-hash, only the extension protocol, and a peer id of our own.
        handshake.AsSpan(20, 8).Clear();
        handshake[25] = 0x10;
        "-XX0000-recorder0000"u8.CopyTo(handshake.AsSpan(48));
        await stream.WriteAsync(handshake);
        byte[] bits = new byte[(_data.Length / SampleTorrent.PieceLength + 7) / 8];
        Array.Fill(bits, (byte)0xFF);
        if (_isSeed)
            await SendAsync(stream, Bitfield, bits);
        await SendAsync(stream, _isSeed ? Unchoke : Interested, []);
        try
        {
            while (true)
                await AnswerAsync(stream);
        }
        catch (IOException)
        {
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        byte[] prefix = new byte[4];
        await stream.ReadExactlyAsync(prefix);
        byte[] message = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
        await stream.ReadExactlyAsync(message);
        if (message is [Have, ..])
            _piecesHeardOf++;
        if (message is [Bitfield, ..])
            _piecesHeardOf += message[1..].Sum(bits => byte.PopCount(bits));
        if (message is [Extended, 0, .. byte[] offer])
            Extensions = Encoding.Latin1.GetString(offer);
        if (message is not [Request, ..])
            return;
        int piece = BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(1));
        int begin = BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(5));
        int length = BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(9));
        PiecesAskedFor.Add(piece);
        await SendAsync(stream, Piece, [.. message[1..9], .. _data.AsSpan(piece * SampleTorrent.PieceLength + begin, length)]);
    }

    private static async Task SendAsync(NetworkStream stream, byte id, byte[] payload)
    {
        byte[] message = new byte[5 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, 1 + payload.Length);
        message[4] = id;
        payload.CopyTo(message.AsSpan(5));
        await stream.WriteAsync(message);
    }
}
