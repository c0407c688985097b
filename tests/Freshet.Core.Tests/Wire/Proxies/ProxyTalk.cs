using Freshet.Core.Wire.Proxies;

namespace Freshet.Core.Tests.Wire.Proxies;

/// <summary>A proxy with prepared answers: what is sent to it is kept, and what it sends is delivered in pieces.</summary>
internal static class ProxyTalk
{
    /// <summary>Runs a handshake to its end, or until it waits for more than the proxy sends.</summary>
    /// <param name="handshake">Our side.</param>
    /// <param name="says">Everything that the proxy, and the target behind it, sends.</param>
    /// <param name="atOnce">The number of bytes that are delivered at once.</param>
    /// <returns>What was sent, and how many of the proxy's bytes were consumed.</returns>
    public static (List<byte[]> Sent, int Consumed) Run(ProxyHandshake handshake, byte[] says, int atOnce = int.MaxValue)
    {
        List<byte[]> sent = [];
        int consumed = 0;
        while (handshake.Next == ProxyStep.Send || (handshake.Next == ProxyStep.Receive && consumed < says.Length))
        {
            if (handshake.Next == ProxyStep.Send)
            {
                sent.Add(handshake.Output.ToArray());
                handshake.OnSent();
                continue;
            }

            int count = Math.Min(atOnce, says.Length - consumed);
            int taken = handshake.OnReceived(says.AsSpan(consumed, count));
            Assert.InRange(taken, 1, count);
            consumed += taken;
        }

        return (sent, consumed);
    }
}
