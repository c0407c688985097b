namespace Freshet.Core.Wire.Proxies;

/// <summary>What a <see cref="ProxyHandshake"/> waits for.</summary>
internal enum ProxyStep
{
    /// <summary>Its output is to be sent.</summary>
    Send,

    /// <summary>More is to be received.</summary>
    Receive,

    /// <summary>The way is open.</summary>
    Done,

    /// <summary>The proxy does not open it.</summary>
    Failed,
}
