namespace Freshet.Core.Dht;

/// <summary>Who named a bootstrap node.</summary>
internal enum BeginningKind
{
    /// <summary>The user.</summary>
    Named,

    /// <summary>A public node that serves everybody. It is not added to the routing table.</summary>
    Router,

    /// <summary>A torrent (BEP 5, <c>nodes</c>).</summary>
    Reported,

    /// <summary>An earlier run, in which it answered.</summary>
    Remembered,
}
