namespace Freshet.Simulation.Dht;

/// <summary>How a simulated node of the DHT behaves.</summary>
internal enum SimDhtKind
{
    Honest,

    /// <summary>Is in the tables of others, and never answers.</summary>
    Silent,

    /// <summary>Names nodes next to whatever is looked for, some its accomplices, most of them nobody; and peers that are none.</summary>
    Liar,

    /// <summary>Takes an id next to whatever is looked for, and names others of its kind there, which answer by those ids.</summary>
    Sybil,

    /// <summary>Sends back what it receives.</summary>
    Reflector,

    /// <summary>Answers with somebody else's id and lists of odd length.</summary>
    Garbler,
}
