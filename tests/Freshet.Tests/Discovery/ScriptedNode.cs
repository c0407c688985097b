using System.Net;
using System.Net.Sockets;
using Freshet.Core.Dht;
using Freshet.Core.Dht.Krpc;

namespace Freshet.Tests.Discovery;

/// <summary>A node of the DHT that answers when the test says so.</summary>
internal sealed class ScriptedNode : IDisposable
{
    private readonly Socket _socket;
    private readonly KrpcWriter _writer = new();
    private readonly NodeId _id = NodeId.Random(new Random(7));
    private readonly byte[] _buffer = new byte[2_048];
    private EndPoint _other = new IPEndPoint(IPAddress.Any, 0);

    public ScriptedNode()
        : this(new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp), IPAddress.Loopback)
    {
    }

    public ScriptedNode(Socket socket, IPAddress address)
    {
        _socket = socket;
        _socket.Bind(new IPEndPoint(address, 0));
    }

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Answers all queries up to one with a given method, which is not answered yet.</summary>
    public async Task<byte[]> AnswerUntilAsync(DhtMethod method, CancellationToken cancellationToken)
    {
        while (true)
        {
            byte[] query = await ReceiveAsync(cancellationToken);
            if (Read(query).Method == method)
                return query;
            await AnswerAsync(query, cancellationToken);
        }
    }

    /// <summary>Answers a query, and permits the other side to announce.</summary>
    public async Task AnswerAsync(byte[] query, CancellationToken cancellationToken)
    {
        byte[] answer = _writer.WriteAnswer(Read(query).Transaction, _id, new KrpcAnswer { Token = "token"u8 }).ToArray();
        await _socket.SendToAsync(answer, _other, cancellationToken);
    }

    /// <summary>Sends a query; returns the methods by which it is itself asked, and answers, before the other side responds.</summary>
    public async Task<IReadOnlyList<DhtMethod>> PingAsync(CancellationToken cancellationToken)
    {
        byte[] ping = _writer.WriteQuery(1, _id, isReadOnly: true, new KrpcQuery { Method = DhtMethod.Ping }).ToArray();
        await _socket.SendToAsync(ping, _other, cancellationToken);
        List<DhtMethod> asked = [];
        while (await ReceiveAsync(cancellationToken) is var datagram && Read(datagram).Kind == KrpcKind.Query)
        {
            asked.Add(Read(datagram).Method);
            await AnswerAsync(datagram, cancellationToken);
        }

        return asked;
    }

    public void Dispose() => _socket.Dispose();

    private static KrpcMessage Read(byte[] datagram)
    {
        Assert.Equal(KrpcFault.None, KrpcReader.TryRead(datagram, out KrpcMessage message));
        return message;
    }

    private async Task<byte[]> ReceiveAsync(CancellationToken cancellationToken)
    {
        SocketReceiveFromResult received = await _socket.ReceiveFromAsync(_buffer, _other, cancellationToken).AsTask().Bounded();
        _other = received.RemoteEndPoint;
        return _buffer[..received.ReceivedBytes];
    }
}
