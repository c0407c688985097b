namespace Freshet.Core.Wire.Proxies;

/// <summary>What a <see cref="ProxyHandshake"/> needs next.</summary>
internal enum ProxyStep
{
    /// <summary>Send its output.</summary>
    Send,

    /// <summary>Receive more bytes.</summary>
    Receive,

    /// <summary>The connection to the target is open.</summary>
    Done,

    /// <summary>The proxy did not open a connection.</summary>
    Failed,
}
