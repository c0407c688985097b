using Freshet.Core.Rates;

namespace Freshet.Running;

/// <summary>What <see cref="MixedModes"/> limits: the TCP connections of a torrent.</summary>
internal interface ITcpLimits
{
    /// <summary>Limits all of them together; null for no limit. Called from any thread.</summary>
    void LimitTcp(DataRate? download, DataRate? upload);
}
