using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Encryption;
using Freshet.Core.Wire.Extensions;
using Freshet.Core.Wire.Proxies;
using Freshet.Network;

namespace Freshet.Connections;

/// <summary>
/// Connects to a peer in every available way, over TCP and uTP, performs the handshake, and the first time waits for the peer's extension
/// handshake.
/// </summary>
internal sealed class PeerIntroduction(TorrentMetainfo metainfo, NetworkWays network)
{
    // A client sends its extension handshake among its first messages, if at all.
    private const int MaxMessages = 64;
    private static readonly TimeSpan ExtensionTimeout = TimeSpan.FromSeconds(5);

    // Each method is offered alone: given a choice, the peer would show only the one it prefers.
    private static readonly (PeerEncryption Encryption, CryptoMethods Offer)[] Beginnings =
    [
        (PeerEncryption.None, CryptoMethods.None),
        (PeerEncryption.Handshake, CryptoMethods.Plain),
        (PeerEncryption.Full, CryptoMethods.Rc4),
    ];

    private readonly ImmutableArray<(PeerWay, string?)>.Builder _tried = ImmutableArray.CreateBuilder<(PeerWay, string?)>();
    private string? _failure;
    private Introduction? _introduction;

    /// <summary>Runs once.</summary>
    /// <returns>What the peer said, or why it cannot be reached or the handshake failed.</returns>
    public async Task<(string? Failure, Introduction? Introduction)> RunAsync(IPEndPoint peer, CancellationToken cancellationToken)
    {
        TcpConnector tcp = new(network.BindingFor(ProxyUses.Peers), TimeProvider.System) { Proxy = network.ProxyFor(ProxyUses.Peers) };
        await TryAsync(peer, tcp, cancellationToken).ConfigureAwait(false);
        if (await ProbePort.OpenAsync(network, cancellationToken).ConfigureAwait(false) is { } port)
        {
            await using (port)
                await TryAsync(peer, port.Connector, cancellationToken).ConfigureAwait(false);
        }

        return _introduction is null ? (_failure, null) : (null, _introduction with { Ways = _tried.ToImmutable() });
    }

    private async Task TryAsync(IPEndPoint peer, IConnector connector, CancellationToken cancellationToken)
    {
        foreach ((PeerEncryption encryption, CryptoMethods offer) in Beginnings)
        {
            DialResult result = await DialAsync(peer, connector, offer, cancellationToken).ConfigureAwait(false);
            _tried.Add((
                new PeerWay(connector.Transport, encryption), result.Transport is null ? DialFailures.Describe(result) : null));
            if (result.Transport is { } transport)
            {
                using (transport)
                    _introduction ??= await MeetAsync(transport, result.Theirs, cancellationToken).ConfigureAwait(false);
                continue;
            }

            _failure ??= $"{peer} did not shake hands: {DialFailures.Describe(result)}. {DialFailures.Advise(result.Reason)}".TrimEnd();

            // A peer that is not there, or is not a BitTorrent client, will not be with another kind of handshake either. One that
            // requires encryption closes the connection, or waits for more.
            bool mayBeOtherwise = result.Reason == DisconnectReason.ClosedByPeer
                || (result.WasReached && result.Reason == DisconnectReason.TimedOut);
            if (encryption == PeerEncryption.None && !mayBeOtherwise)
                return;
        }
    }

    private async Task<DialResult> DialAsync(
        IPEndPoint peer, IConnector connector, CryptoMethods offer, CancellationToken cancellationToken)
    {
        PeerDialer dialer = new(
            new ConnectionBudget(maxConnections: 2, maxHalfOpen: 1), [connector], new EncryptionOptions { Methods = offer });
        Handshake ours = new(ReservedBits.Ours, metainfo.SwarmHash, PeerIds.Create(Random.Shared));
        DialPlan plan = new(peer, [new DialRoute(connector.Transport)], [offer != CryptoMethods.None]);
        return await dialer.DialAsync(plan, ours, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Introduction> MeetAsync(ITransport transport, Handshake theirs, CancellationToken cancellationToken)
    {
        ExtensionHandshake? extensions = theirs.Reserved.ExtensionProtocol
            ? await ListenAsync(transport, cancellationToken).ConfigureAwait(false)
            : null;
        return new Introduction(theirs, extensions, []);
    }

    private async Task<ExtensionHandshake?> ListenAsync(ITransport transport, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(ExtensionTimeout);
        using CancellationTokenRegistration abort = timeout.Token.Register(transport.Abort);
        try
        {
            await transport.SendAsync(OurExtensions()).ConfigureAwait(false);
            return await ReadAsync(transport, PeerMessageLimits.For(metainfo.Layout)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer closed the connection or stayed silent: the result of the first handshake still stands.
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    private static byte[] OurExtensions()
    {
        ExtensionHandshake ours = new() { Client = "Freshet " + typeof(PeerIntroduction).Assembly.GetName().Version?.ToString(3) };
        PeerMessage message = PeerMessage.Extended(ExtensionHandshake.MessageNumber, ours.ToArray());
        byte[] bytes = new byte[PeerMessageWriter.Length(message)];
        PeerMessageWriter.Write(bytes, message);
        return bytes;
    }

    private static async Task<ExtensionHandshake?> ReadAsync(ITransport transport, PeerMessageLimits limits)
    {
        byte[] buffer = new byte[4096];
        int length = 0;
        int messages = 0;
        while (messages < MaxMessages)
        {
            FrameResult result = TryTake(buffer.AsSpan(0, length), limits, out ExtensionHandshake? extensions);
            if (extensions is not null || result.Status == FrameStatus.Malformed)
                return extensions;
            if (result.Status == FrameStatus.Done)
            {
                buffer.AsSpan(result.Length..length).CopyTo(buffer);
                length -= result.Length;
                messages++;
                continue;
            }

            if (result.Length > buffer.Length)
                Array.Resize(ref buffer, result.Length);
            int received = await transport.ReceiveAsync(buffer.AsMemory(length)).ConfigureAwait(false);
            if (received == 0)
                return null;
            length += received;
        }

        return null;
    }

    private static FrameResult TryTake(ReadOnlySpan<byte> bytes, PeerMessageLimits limits, out ExtensionHandshake? extensions)
    {
        extensions = null;
        FrameResult result = PeerMessageReader.TryRead(bytes, limits, out PeerFrame frame);
        bool isHandshake = result.Status == FrameStatus.Done
            && frame is { Id: MessageId.Extended, Number: ExtensionHandshake.MessageNumber };
        if (isHandshake && ExtensionHandshake.TryParse(frame.Payload, out ExtensionHandshake parsed))
            extensions = parsed;
        return result;
    }
}
