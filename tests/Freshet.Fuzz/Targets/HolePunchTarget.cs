using System.Net;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Fuzz.Targets;

/// <summary>Messages of ut_holepunch (BEP 55): what is understood is within its limits, and reads back as it was written.</summary>
internal sealed class HolePunchTarget : IFuzzTarget
{
    private static readonly IPEndPoint V4 = IPEndPoint.Parse("80.1.2.3:6881");
    private static readonly IPEndPoint V6 = IPEndPoint.Parse("[2001:db8::1]:6881");

    public string Name => "hole-punch";

    public IEnumerable<byte[]> Seeds =>
        [
            new HolePunchMessage(HolePunchKind.Rendezvous, V4).ToArray(),
            new HolePunchMessage(HolePunchKind.Connect, V6).ToArray(),
            new HolePunchMessage(HolePunchKind.Error, V4, HolePunchError.NoSupport).ToArray(),
        ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!HolePunchMessage.TryParse(input, out HolePunchMessage message))
            return;
        byte[] written = message.ToArray();
        FuzzException.Require(written.Length <= HolePunchMessage.MaxLength, "the length of a message must be bounded");
        bool again = HolePunchMessage.TryParse(written, out HolePunchMessage read);
        FuzzException.Require(again && read == message, "what we write must be readable");
    }
}
