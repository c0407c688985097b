using Freshet.Connections;
using Freshet.Core.Metainfo;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Encryption;

namespace Freshet.Tests.Connections;

/// <summary>Peers that die in the middle of an encrypted handshake, over any transport, and the steps in which they do.</summary>
public static class DyingEncryption
{
    /// <summary>What an initiator has sent, given the lengths of the parts of its side, with pads of 3 and 5 bytes.</summary>
    public static TheoryData<string, int> StepsOfTheInitiator => new()
    {
        { "in its public key", 50 },
        { "before its pad", 96 },
        { "in its pad", 98 },
        { "before its proof", 99 },
        { "in its proof", 110 },
        { "before it names the torrent", 119 },
        { "in the name of the torrent", 130 },
        { "before it offers ciphers", 139 },
        { "in its offer", 150 },
        { "in its second pad", 155 },
        { "in the length of the initial payload", 159 },
        { "before the initial payload", 160 },
        { "in the initial payload", 200 },
    };

    /// <summary>What a responder has sent; its pads have 3 and 5 bytes as well.</summary>
    public static TheoryData<string, int> StepsOfTheResponder => new()
    {
        { "before its public key", 0 },
        { "in its public key", 50 },
        { "before its pad", 96 },
        { "in its pad", 98 },
        { "before its proof", 99 },
        { "in its proof", 103 },
        { "before it selects a cipher", 107 },
        { "in its selection", 110 },
        { "in its second pad", 115 },
        { "before its handshake", 118 },
        { "in its handshake", 150 },
    };

    /// <summary>Dials, and sends as much as it should, and no more.</summary>
    internal static async Task AsInitiatorAsync(ITransport transport, int sent)
    {
        byte[] handshake = new byte[Handshake.Length];
        FakeSession.Theirs.Write(handshake);
        MseInitiator mse = new(Secrets(), FakeSession.Torrent, CryptoMethods.Rc4, handshake);
        await DieAsync(transport, mse, sent, find: null);
    }

    /// <summary>Is dialled, and sends as much as it should, and no more.</summary>
    internal static Task AsResponderAsync(ITransport transport, int sent) =>
        DieAsync(transport, new MseResponder(Secrets(), CryptoMethods.Rc4, CryptoMethods.Rc4), sent, FakeSession.Torrent);

    private static async Task DieAsync(ITransport transport, MseHandshake mse, int left, InfoHash? find)
    {
        while (left > 0)
        {
            switch (mse.Next)
            {
                case MseStep.Agree:
                    mse.Agree();
                    break;
                case MseStep.Send:
                    ReadOnlyMemory<byte> part = mse.Output[..Math.Min(left, mse.Output.Length)];
                    await SendAsync(transport, part);
                    left -= part.Length;
                    if (part.Length == mse.Output.Length)
                        mse.OnSent();
                    break;
                case MseStep.Receive:
                    int received = await transport.ReceiveAsync(mse.Room);
                    Assert.NotEqual(0, received);
                    mse.OnReceived(received);
                    break;
                case MseStep.Find:
                    ((MseResponder)mse).OnFound(find);
                    break;
                default:
                    Assert.Equal(MseStep.Done, mse.Next);
                    byte[] ours = new byte[Handshake.Length];
                    FakeSession.Ours.Write(ours);
                    mse.Outgoing.Apply(ours);
                    await SendAsync(transport, ours.AsMemory(0, left));
                    return;
            }
        }
    }

    private static MseSecrets Secrets() => KeyAgreements.NewSecrets() with { FirstPad = [1, 2, 3], SecondPad = 5 };

    private static async Task SendAsync(ITransport transport, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await transport.SendAsync(bytes)..];
    }
}
