using Freshet.Core.Metainfo;
using Freshet.Core.Tests.Wire.Encryption;
using Freshet.Core.Wire.Encryption;

namespace Freshet.Core.Tests.Captures;

/// <summary>
/// Handshakes that libtorrent and Transmission made with another implementation (record.py): with the keys and pads of that implementation
/// we send what it sent, byte for byte, and understand the answers, however they are split.
/// </summary>
public class MseCaptureTests
{
    private const CryptoMethods Both = CryptoMethods.Plain | CryptoMethods.Rc4;

    [Theory]
    [InlineData("mse-dials-libtorrent-rc4", 1)]
    [InlineData("mse-dials-libtorrent-rc4", int.MaxValue)]
    [InlineData("mse-dials-libtorrent-plain", 1)]
    [InlineData("mse-dials-libtorrent-plain", int.MaxValue)]
    [InlineData("mse-dials-transmission-rc4", 1)]
    [InlineData("mse-dials-transmission-rc4", int.MaxValue)]
    public void An_initiator_is_answered(string name, int portion)
    {
        Capture capture = Capture.Read(name);
        MseSide side = new(new MseInitiator(
            Secrets(capture), Torrent(capture), (CryptoMethods)capture.Number("provided"), capture.Bytes("handshake")));
        side.Give(capture.StreamOf("theirs"), portion);
        Assert.Null(side.Handshake.Failure);
        Assert.Equal(MseStep.Done, side.Handshake.Next);
        Assert.Equal((CryptoMethods)capture.Number("selected"), side.Handshake.Selected);
        Assert.Equal(capture.StreamOf("ours"), side.Sent);
        byte[] handshake = capture.Bytes("their-handshake");
        Assert.Equal(handshake, side.Stream.Take(handshake.Length));
        Assert.Equal(Torrent(capture), new InfoHash(handshake.AsSpan(28, 20)));
    }

    [Theory]
    [InlineData("mse-dialled-libtorrent-rc4", CryptoMethods.Rc4, 1)]
    [InlineData("mse-dialled-libtorrent-rc4", CryptoMethods.Rc4, int.MaxValue)]
    [InlineData("mse-dialled-libtorrent-plain", CryptoMethods.Plain, 1)]
    [InlineData("mse-dialled-libtorrent-plain", CryptoMethods.Plain, int.MaxValue)]
    internal void A_responder_is_understood(string name, CryptoMethods preferred, int portion)
    {
        Capture capture = Capture.Read(name);
        MseSide side = new(new MseResponder(Secrets(capture), Both, preferred), Torrent(capture));
        side.Give(capture.StreamOf("theirs"), portion);
        Assert.Null(side.Handshake.Failure);
        Assert.Equal(MseStep.Done, side.Handshake.Next);
        Assert.Equal(preferred, side.Handshake.Selected);
        Assert.Equal(capture.StreamOf("ours"), side.Sent);
        byte[] handshake = capture.Bytes(capture.Has("initial-payload") ? "initial-payload" : "their-handshake");
        Assert.Equal(handshake, side.Stream.Take(handshake.Length));
        Assert.Equal(Torrent(capture), new InfoHash(handshake.AsSpan(28, 20)));
    }

    private static InfoHash Torrent(Capture capture) => new(capture.Bytes("info-hash"));

    private static MseSecrets Secrets(Capture capture) =>
        new(capture.Bytes("private-key"), capture.Bytes("pad"), capture.Number("second-pad"));
}
