namespace Freshet.Core.Wire.Proxies;

/// <summary>
/// Our side of the handshake with a proxy before it connects us to a target. <see cref="Next"/> says what is needed next. It consumes no
/// byte after the proxy's own answers, and uses a bounded amount of memory, whatever the proxy sends.
/// </summary>
internal abstract class ProxyHandshake
{
    /// <summary>The next step.</summary>
    public ProxyStep Next { get; private set; }

    /// <summary>The bytes to send, while sending is the next step.</summary>
    public ReadOnlyMemory<byte> Output { get; private set; }

    /// <summary>After a failure: what went wrong, as text that follows "the proxy".</summary>
    public string? Words { get; private set; }

    /// <summary>After a failure: who is at fault.</summary>
    public ProxyFailure Failure { get; private set; }

    /// <summary>The whole output has been sent.</summary>
    public void OnSent()
    {
        Output = default;
        Next = ProxyStep.Receive;
    }

    /// <summary>Bytes were received, while receiving is the next step.</summary>
    /// <returns>How many of them belong to the handshake. The rest is from the target, and must be received again.</returns>
    public abstract int OnReceived(ReadOnlySpan<byte> bytes);

    protected void Send(byte[] bytes)
    {
        Output = bytes;
        Next = ProxyStep.Send;
    }

    protected void Finish() => Next = ProxyStep.Done;

    protected void Fail(ProxyFailure failure, string words)
    {
        Failure = failure;
        Words = words;
        Next = ProxyStep.Failed;
    }
}
