namespace Freshet.Simulation.Dht;

/// <summary>Which id a simulated node of the DHT has.</summary>
internal enum SimDhtIds
{
    /// <summary>One that matches its address (BEP 42).</summary>
    Matching,

    /// <summary>Any, since it does not know its address yet; it takes one that matches as soon as others report it.</summary>
    New,

    /// <summary>Any, for good: it knows nothing of BEP 42.</summary>
    Any,
}
