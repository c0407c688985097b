using Freshet.Core.Wire.Proxies;

namespace Freshet.Core.Tests.Wire.Proxies;

/// <summary>A proxy that has its lines: what is sent to it is kept, what it says is given in pieces.</summary>
internal static class ProxyTalk
{
    /// <summary>Lets a handshake run to its end, or until it waits for more than the proxy says.</summary>
    /// <param name="handshake">Ours.</param>
    /// <param name="says">All that the proxy, and the target behind it, says.</param>
    /// <param name="atOnce">In pieces of so many bytes.</param>
    /// <returns>What was sent, and how many bytes of the proxy's were consumed.</returns>
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
