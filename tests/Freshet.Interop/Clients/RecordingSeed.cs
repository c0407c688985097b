using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Freshet.Interop.Running;
using Freshet.Interop.Torrents;

namespace Freshet.Interop.Clients;

/// <summary>
/// A seed in this process that records which pieces are requested from it. It implements BEP 3 without extensions, and pauses between
/// blocks, so that a download takes as long as the test needs.
/// </summary>
public sealed class RecordingSeed : IAsyncDisposable
{
    private const int HandshakeLength = 68;
    private const int LongestMessage = 1 << 17;
    private const byte Unchoke = 1;
    private const byte Interested = 2;
    private const byte BitfieldMessage = 5;
    private const byte Request = 6;
    private const byte Piece = 7;
    private const byte Cancel = 8;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<int, int> _asked = new();
    private readonly byte[] _infoHash;
    private readonly TorrentPieces _pieces;
    private readonly byte[] _content;
    private readonly TimeSpan _betweenBlocks;
    private readonly Task _accepting;

    public RecordingSeed(SampleTorrent torrent, TimeSpan betweenBlocks)
    {
        _infoHash = Convert.FromHexString(torrent.InfoHash);
        _pieces = new TorrentPieces(torrent);
        _content = _pieces.ReadAll(torrent.DataFolder);
        _betweenBlocks = betweenBlocks;
        _listener.Bind(new IPEndPoint(Loopback.NextAddress(), 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>The pieces that were requested since the last call.</summary>
    public HashSet<int> TakeAsked()
    {
        HashSet<int> asked = [.. _asked.Keys];
        foreach (int piece in asked)
            _asked.TryRemove(piece, out _);
        return asked;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> serving = [];
        try
        {
            while (!_ending.IsCancellationRequested)
                serving.Add(ServeAsync(await _listener.AcceptAsync(_ending.Token)));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The seed is being disposed.
        }

        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(Socket socket)
    {
        using Socket owned = socket;
        socket.NoDelay = true;
        try
        {
            await ReadAsync(socket, HandshakeLength);
            await socket.SendAsync(OpeningWords(), _ending.Token);
            ConcurrentQueue<(int Piece, int Offset, int Length)> wanted = new();
            Task sending = SendBlocksAsync(socket, wanted);
            await ReadMessagesAsync(socket, wanted);
            await sending;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or EndOfStreamException or ObjectDisposedException)
        {
            // The other side was killed, which is what this seed is for.
        }
    }

    // The handshake, and the bitfield of a peer that has everything.
    private byte[] OpeningWords()
    {
        byte[] bitfield = new byte[(_pieces.Count + 7) / 8];
        for (int piece = 0; piece < _pieces.Count; piece++)
            bitfield[piece / 8] |= (byte)(0x80 >> (piece % 8));
        byte[] handshake = [19, .. "BitTorrent protocol"u8, .. new byte[8], .. _infoHash, .. "-RS0001-recordseed01"u8];
        return [.. handshake, .. Message(BitfieldMessage, bitfield)];
    }

    private async Task ReadMessagesAsync(Socket socket, ConcurrentQueue<(int Piece, int Offset, int Length)> wanted)
    {
        while (true)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(await ReadAsync(socket, sizeof(int)));
            if (length == 0)
                continue;
            if (length is < 0 or > LongestMessage)
                throw new EndOfStreamException();
            byte[] message = await ReadAsync(socket, length);
            switch (message[0])
            {
                case Interested:
                    await socket.SendAsync(Message(Unchoke, []), _ending.Token);
                    break;
                case Request:
                    int piece = BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(1));
                    _asked[piece] = piece;
                    int begin = BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(5));
                    wanted.Enqueue((piece, begin, BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(9))));
                    break;
                case Cancel:
                    // The block arrives nevertheless, as one that is on its way would.
                    break;
            }
        }
    }

    private async Task SendBlocksAsync(Socket socket, ConcurrentQueue<(int Piece, int Offset, int Length)> wanted)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_betweenBlocks, _ending.Token);
                if (!wanted.TryDequeue(out (int Piece, int Offset, int Length) block))
                    continue;
                byte[] header = new byte[8];
                BinaryPrimitives.WriteInt32BigEndian(header, block.Piece);
                BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), block.Offset);
                byte[] bytes = _pieces.BytesOf(_content, block.Piece).Slice(block.Offset, block.Length).ToArray();
                await socket.SendAsync(Message(Piece, [.. header, .. bytes]), _ending.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection has ended.
        }
    }

    private static byte[] Message(byte id, byte[] payload)
    {
        byte[] message = new byte[sizeof(int) + 1 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, 1 + payload.Length);
        message[sizeof(int)] = id;
        payload.CopyTo(message, sizeof(int) + 1);
        return message;
    }

    private async Task<byte[]> ReadAsync(Socket socket, int length)
    {
        byte[] bytes = new byte[length];
        for (int filled = 0; filled < length;)
        {
            int count = await socket.ReceiveAsync(bytes.AsMemory(filled), _ending.Token);
            filled += count > 0 ? count : throw new EndOfStreamException();
        }

        return bytes;
    }
}
