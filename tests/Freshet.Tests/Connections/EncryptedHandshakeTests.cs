using System.Net;
using System.Security.Cryptography;
using Freshet.Connections;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Encryption;
using Freshet.Network;

namespace Freshet.Tests.Connections;

/// <summary>Both sides over real sockets, and peers that die in the middle of each step.</summary>
public sealed class EncryptedHandshakeTests : IDisposable
{
    private static readonly EncryptionOptions Rc4Required = new()
    {
        Incoming = EncryptionPolicy.Required,
        Outgoing = EncryptionPolicy.Required,
        Payload = EncryptedPayload.Rc4Required,
    };

    private readonly ConnectionBudget _budget = new(9, 9);
    private readonly VirtualTime _time = new();
    private readonly FakeSession _session = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData(EncryptedPayload.PlainPreferred, EncryptedPayload.PlainPreferred, PeerEncryption.Handshake)]
    [InlineData(EncryptedPayload.PlainPreferred, EncryptedPayload.Rc4Preferred, PeerEncryption.Full)]
    [InlineData(EncryptedPayload.Rc4Preferred, EncryptedPayload.PlainPreferred, PeerEncryption.Handshake)]
    [InlineData(EncryptedPayload.Rc4Required, EncryptedPayload.PlainPreferred, PeerEncryption.Full)]
    [InlineData(EncryptedPayload.PlainPreferred, EncryptedPayload.Rc4Required, PeerEncryption.Full)]
    public async Task The_listener_selects_what_follows_an_encrypted_handshake(
        EncryptedPayload dialling, EncryptedPayload listening, PeerEncryption expected)
    {
        await using PeerListener listener = Listen(new EncryptionOptions { Payload = listening });
        DialResult dialled = await Dial(
            listener.EndPoints[0], new EncryptionOptions { Outgoing = EncryptionPolicy.Required, Payload = dialling }).Bounded();
        using ITransport near = dialled.Transport!;
        Assert.Equal(FakeSession.Ours, dialled.Theirs);
        await Patience.Until(() => !_session.Connected.IsEmpty);
        Assert.True(_session.Connected.TryPeek(out (ITransport Transport, Handshake Theirs) connected));
        Assert.Equal(FakeSession.Theirs, connected.Theirs);
        Assert.Equal((expected, expected), (near.Way.Encryption, connected.Transport.Way.Encryption));

        // Far more than is encrypted at once, in both directions.
        byte[] much = RandomNumberGenerator.GetBytes((3 * ConnectionLimits.EncipheredPortion) + 1);
        Task<byte[]> arriving = ReceiveAsync(connected.Transport, much.Length);
        await SendAsync(near, much).Bounded();
        Assert.Equal(much, await arriving.Bounded());
        Task<byte[]> returning = ReceiveAsync(near, 5);
        await SendAsync(connected.Transport, "hello"u8.ToArray()).Bounded();
        Assert.Equal("hello"u8.ToArray(), await returning.Bounded());
    }

    [Theory]
    [InlineData(EncryptionPolicy.Disabled, EncryptionPolicy.Disabled, PeerEncryption.None)]
    [InlineData(EncryptionPolicy.Disabled, EncryptionPolicy.Allowed, PeerEncryption.None)]
    [InlineData(EncryptionPolicy.Disabled, EncryptionPolicy.Preferred, PeerEncryption.None)]
    [InlineData(EncryptionPolicy.Disabled, EncryptionPolicy.Required, null)]
    [InlineData(EncryptionPolicy.Allowed, EncryptionPolicy.Disabled, PeerEncryption.None)]
    [InlineData(EncryptionPolicy.Allowed, EncryptionPolicy.Allowed, PeerEncryption.None)]
    [InlineData(EncryptionPolicy.Allowed, EncryptionPolicy.Preferred, PeerEncryption.Handshake)]
    [InlineData(EncryptionPolicy.Allowed, EncryptionPolicy.Required, PeerEncryption.Handshake)]
    [InlineData(EncryptionPolicy.Preferred, EncryptionPolicy.Disabled, PeerEncryption.None)]
    [InlineData(EncryptionPolicy.Preferred, EncryptionPolicy.Allowed, PeerEncryption.None)]
    [InlineData(EncryptionPolicy.Preferred, EncryptionPolicy.Preferred, PeerEncryption.Handshake)]
    [InlineData(EncryptionPolicy.Preferred, EncryptionPolicy.Required, PeerEncryption.Handshake)]
    [InlineData(EncryptionPolicy.Required, EncryptionPolicy.Disabled, null)]
    [InlineData(EncryptionPolicy.Required, EncryptionPolicy.Allowed, PeerEncryption.Handshake)]
    [InlineData(EncryptionPolicy.Required, EncryptionPolicy.Preferred, PeerEncryption.Handshake)]
    [InlineData(EncryptionPolicy.Required, EncryptionPolicy.Required, PeerEncryption.Handshake)]
    public async Task Policies_of_two_sides_are_combined(EncryptionPolicy listening, EncryptionPolicy dialling, PeerEncryption? expected)
    {
        await using PeerListener listener = Listen(new EncryptionOptions { Incoming = listening });
        DialResult dialled = await Dial(listener.EndPoints[0], new EncryptionOptions { Outgoing = dialling }).Bounded();
        Assert.Equal(expected, dialled.Transport?.Way.Encryption);
        dialled.Transport?.Dispose();
    }

    [Fact]
    public async Task A_handshake_encrypted_for_one_torrent_may_not_name_another()
    {
        await using PeerListener listener = Listen(new EncryptionOptions());
        ITransport plain = await new TcpConnector(new NetworkBinding(), TimeProvider.System).ConnectAsync(listener.EndPoints[0], Token);
        byte[] handshake = new byte[Handshake.Length];
        (FakeSession.Theirs with { InfoHash = default }).Write(handshake);
        MseInitiator mse = new(KeyAgreements.NewSecrets(), FakeSession.Torrent, CryptoMethods.Plain, handshake);
        (ITransport? encrypted, _) = await new EncryptionNegotiator(new KeyAgreements()).RunAsync(plain, mse, find: null, Token).Bounded();
        Assert.Equal(0, await encrypted!.ReceiveAsync(new byte[1]).AsTask().Bounded());
        encrypted.Dispose();
    }

    [Fact]
    public async Task A_handshake_for_an_unknown_torrent_is_closed_after_one_message()
    {
        await using PeerListener listener = Listen(new EncryptionOptions());
        Handshake stranger = FakeSession.Theirs with { InfoHash = new InfoHash(new byte[20]) };
        DialResult dialled = await new PeerDialer(_budget, [Tcp()], Rc4Required)
            .DialAsync(DialPlan.Direct(listener.EndPoints[0]) with { Encrypted = [true] }, stranger, Token).Bounded();
        Assert.Equal(DisconnectReason.ClosedByPeer, dialled.Reason);
        Assert.Empty(_session.Connected);
    }

    [Theory]
    [MemberData(nameof(DyingEncryption.StepsOfTheInitiator), MemberType = typeof(DyingEncryption))]
    public async Task An_initiator_that_falls_silent_costs_the_time_out_and_one_that_leaves_costs_nothing(string step, int sent)
    {
        Assert.NotEmpty(step);
        await using PeerListener listener = Listen(Rc4Required);
        foreach (bool leaves in (bool[])[false, true])
        {
            using ITransport dying = await new TcpConnector(new NetworkBinding(), TimeProvider.System)
                .ConnectAsync(listener.EndPoints[0], Token);
            await DyingEncryption.AsInitiatorAsync(dying, sent).Bounded();
            await Patience.Until(() => listener.Handshakes == 1);
            if (leaves)
                dying.Dispose();
            await Patience.Until(() =>
            {
                if (!leaves)
                    _time.Advance(TimeSpan.FromSeconds(1));
                return listener.Handshakes == 0;
            });
        }

        Assert.Empty(_session.Connected);
    }

    [Theory]
    [MemberData(nameof(DyingEncryption.StepsOfTheResponder), MemberType = typeof(DyingEncryption))]
    public async Task A_responder_that_falls_silent_costs_the_time_out_and_one_that_leaves_costs_nothing(string step, int sent)
    {
        Assert.NotEmpty(step);
        foreach (bool leaves in (bool[])[false, true])
        {
            using LoopbackPair pair = await LoopbackPair.ConnectAsync();
            FakeConnector tcp = new(PeerTransport.Tcp, _ => Task.FromResult<ITransport>(pair.Near));
            DialPlan plan = DialPlan.Direct(pair.Far.LocalEndPoint) with { Encrypted = [true] };
            Task<DialResult> dial = new PeerDialer(_budget, [tcp], Rc4Required, _time).DialAsync(plan, FakeSession.Theirs, Token);
            await DyingEncryption.AsResponderAsync(pair.Far, sent).Bounded();
            Assert.Equal(1, _budget.Connections);
            if (leaves)
                pair.Far.Dispose();
            await Patience.Until(() =>
            {
                if (!leaves)
                    _time.Advance(TimeSpan.FromSeconds(1));
                return dial.IsCompleted;
            });
            Assert.Equal(leaves ? DisconnectReason.ClosedByPeer : DisconnectReason.TimedOut, (await dial).Reason);
            Assert.Equal(0, _budget.Connections);
        }
    }

    private static TcpConnector Tcp() => new(new NetworkBinding(), TimeProvider.System);

    private static async Task SendAsync(ITransport transport, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await transport.SendAsync(bytes)..];
    }

    private static async Task<byte[]> ReceiveAsync(ITransport transport, int count)
    {
        byte[] bytes = new byte[count];
        for (int received = 0; received < count;)
        {
            int more = await transport.ReceiveAsync(bytes.AsMemory(received));
            Assert.NotEqual(0, more);
            received += more;
        }

        return bytes;
    }

    private Task<DialResult> Dial(IPEndPoint peer, EncryptionOptions options) =>
        new PeerDialer(_budget, [Tcp()], options).DialAsync(
            new DialPlanner([PeerTransport.Tcp], options).For(peer, default), FakeSession.Theirs, Token);

    private PeerListener Listen(EncryptionOptions encryption)
    {
        PeerListenerOptions options = new()
        {
            Binding = new NetworkBinding(IPAddress.Loopback),
            MaxHandshakes = 20,
            Encryption = encryption,
            Time = _time,
        };
        return PeerListener.Start(options, new ConnectionBudget(50, 20), _session);
    }
}
