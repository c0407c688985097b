using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Freshet.Benchmarks.Trackers;

/// <summary>
/// Announces to a UDP tracker as many peers, with a fixed number of datagrams on the way, so that the load is the same for every tracker.
/// Each peer has one of sixteen addresses, from 127.1.0.1 on, and a port that is unique in its torrent.
/// </summary>
/// <param name="tracker">The address on which it listens.</param>
/// <param name="peers">The number of peers.</param>
/// <param name="torrents">The number of torrents that they share.</param>
internal sealed class AnnounceLoad(IPEndPoint tracker, int peers, int torrents) : IDisposable
{
    private const int Sockets = 16;
    private const int Window = 16;
    private const int AnnounceLength = 98;

    private readonly Socket[] _sockets = [.. Enumerable.Range(0, Sockets).Select(NewSocket)];
    private readonly byte[] _buffer = new byte[2_048];

    /// <summary>Announces that were answered with something other than an announce response.</summary>
    public long Refused { get; private set; }

    /// <summary>Datagrams without an answer within a second.</summary>
    public long Lost { get; private set; }

    /// <summary>Announces that were answered.</summary>
    public long Answered { get; private set; }

    /// <summary>Lets the peers announce in turn, this many times in total, and returns how long that took.</summary>
    public TimeSpan Run(long announces)
    {
        ulong[] connections = Array.ConvertAll(_sockets, Connect);
        long began = Stopwatch.GetTimestamp();
        long connected = began;
        for (long next = 0; next < announces; next += Sockets * Window)
        {
            // Each socket sends a few announces, then reads their answers while the tracker works on those of the others.
            for (int socket = 0; socket < Sockets; socket++)
                SendSome(socket, connections[socket], next + (socket * Window), announces);
            for (int socket = 0; socket < Sockets; socket++)
                TakeSome(socket, next + (socket * Window), announces);
            if (Stopwatch.GetElapsedTime(connected).TotalSeconds < 30)
                continue;
            connections = Array.ConvertAll(_sockets, Connect);
            connected = Stopwatch.GetTimestamp();
        }

        return Stopwatch.GetElapsedTime(began);
    }

    public void Dispose()
    {
        foreach (Socket socket in _sockets)
            socket.Dispose();
    }

    private static Socket NewSocket(int number)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 1_000 };
        socket.Bind(new IPEndPoint(new IPAddress([127, 1, 0, (byte)(number + 1)]), 0));
        return socket;
    }

    private ulong Connect(Socket socket)
    {
        socket.Connect(tracker);
        Span<byte> datagram = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(datagram, 0x41727101980);
        datagram[8..].Clear();
        socket.Send(datagram);
        int length = socket.Receive(_buffer);
        return length == 16
            ? BinaryPrimitives.ReadUInt64BigEndian(_buffer.AsSpan(8))
            : throw new InvalidDataException("The answer has no connection id.");
    }

    private void SendSome(int socket, ulong connection, long first, long end)
    {
        for (long i = first; i < Math.Min(first + Window, end); i++)
            _sockets[socket].Send(Announce(connection, i % peers, i / peers));
    }

    // The announced port says which peer a socket announces for; the address is that of the socket.
    private ReadOnlySpan<byte> Announce(ulong connection, long peer, long round)
    {
        Span<byte> datagram = _buffer.AsSpan(0, AnnounceLength);
        datagram.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(datagram, connection);
        datagram[11] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(datagram[12..], (uint)peer);
        long torrent = peer % torrents;
        BinaryPrimitives.WriteInt64BigEndian(datagram[16..], torrent * 0x5DEECE66D);
        BinaryPrimitives.WriteInt64BigEndian(datagram[24..], torrent);
        BinaryPrimitives.WriteInt64BigEndian(datagram[36..], peer * 0x5DEECE66D);
        BinaryPrimitives.WriteInt64BigEndian(datagram[44..], peer);
        BinaryPrimitives.WriteInt64BigEndian(datagram[64..], peer % 4 == 0 ? 0 : 1_000_000);
        datagram[83] = round == 0 ? (byte)2 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(datagram[92..], 50);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[96..], (ushort)(1 + (peer / torrents % 65_000)));
        return datagram;
    }

    private void TakeSome(int socket, long first, long end)
    {
        for (long i = first; i < Math.Min(first + Window, end); i++)
        {
            try
            {
                int length = _sockets[socket].Receive(_buffer);
                Answered++;
                Refused += length < 20 || _buffer[3] != 1 ? 1 : 0;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.TimedOut)
            {
                Lost++;
            }
        }
    }
}
