using Freshet.Core.Utp;

namespace Freshet.Fuzz.Targets;

/// <summary>uTP packets (BEP 29) read back as they were written, and their parts lie in the datagram.</summary>
internal sealed class UtpPacketTarget : IFuzzTarget
{
    public string Name => "utp-packet";

    public bool IsBencoded => false;

    public IReadOnlyList<byte[]> Words => [[0x01, 0x01], [0x21, 0x01], [0x41, 0x00], [0x66, 0x82], [0x70, 0x00]];

    public IEnumerable<byte[]> Seeds =>
    [
        Convert.FromHexString("4100123400000001000000000010000000070000"),
        Convert.FromHexString("0100123500000001000000020010000000080005AABBCC"),
        Convert.FromHexString("210112350000000100000002001000000008000500040F000080"),
        Convert.FromHexString("2166123500000001000000020010000000080005000600010F000080"),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!UtpPacket.TryRead(input, out UtpPacket packet))
            return;
        FuzzException.Require(packet.Payload.Length <= input.Length - UtpHeader.Length, "payload must lie in the datagram");
        byte[] header = new byte[UtpHeader.Length];
        packet.Header.Write(header, (UtpExtension)input[1]);
        FuzzException.Require(input.StartsWith(header), "a header must be written as it was read");
        SelectiveAck bits = new(packet.Header.Acknowledged + 2, packet.SelectiveAck, new SequenceBits());
        int count = 0;
        while (bits.MoveNext())
            count++;
        FuzzException.Require(count <= packet.SelectiveAck.Length * 8, "there cannot be more packets than bits");
    }
}
