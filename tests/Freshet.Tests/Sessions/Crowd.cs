using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Metainfo;
using Freshet.Core.Wire;

namespace Freshet.Tests.Sessions;

/// <summary>
/// Many real connections from one address that complete a handshake, send one message, and then only read. Those that are ended come back.
/// </summary>
internal sealed class Crowd : IAsyncDisposable
{
    private static readonly TimeSpan BeforeTheNext = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _target;
    private readonly InfoHash _infoHash;
    private readonly byte[] _says;
    private readonly Task _all;
    private int _in;
    private int _ids;

    /// <param name="count">How many there are.</param>
    /// <param name="target">The peer that they dial.</param>
    /// <param name="infoHash">The torrent that they name.</param>
    /// <param name="says">The message that each sends after its handshake.</param>
    public Crowd(int count, IPEndPoint target, InfoHash infoHash, params PeerMessage[] says)
    {
        _target = target;
        _infoHash = infoHash;
        _says = new byte[says.Sum(static message => PeerMessageWriter.Length(message))];
        int at = 0;
        foreach (PeerMessage message in says)
            at += PeerMessageWriter.Write(_says.AsSpan(at), message);
        _all = Task.WhenAll(Enumerable.Range(0, count).Select(_ => StandAroundAsync()));
    }

    /// <summary>How many are connected now: their handshake was answered, and they were not sent away.</summary>
    public int In => Volatile.Read(ref _in);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _all;
        _stop.Dispose();
    }

    private async Task StandAroundAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ConnectOnceAsync();
                await Task.Delay(BeforeTheNext, _stop.Token);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // It was sent away, or the test is over.
            }
        }
    }

    private async Task ConnectOnceAsync()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_target, _stop.Token);
        byte[] id = new byte[PeerId.Length];
        BinaryPrimitives.WriteInt32BigEndian(id, Interlocked.Increment(ref _ids));
        byte[] bytes = new byte[Handshake.Length + _says.Length];
        new Handshake(ReservedBits.Ours, _infoHash, new PeerId(id)).Write(bytes);
        _says.CopyTo(bytes, Handshake.Length);
        await socket.SendAsync(bytes, _stop.Token);
        byte[] buffer = new byte[4096];
        bool isIn = false;
        try
        {
            while (await socket.ReceiveAsync(buffer, _stop.Token) > 0)
            {
                if (!isIn)
                    Interlocked.Increment(ref _in);
                isIn = true;
            }
        }
        finally
        {
            if (isIn)
                Interlocked.Decrement(ref _in);
        }
    }
}
