namespace Freshet.Simulation;

/// <summary>A simulated swarm broke a rule, or a test found it wanting. Says the seed to run it again with.</summary>
internal sealed class SimFailureException : Exception
{
    public SimFailureException(string message)
        : base(message)
    {
    }

    public SimFailureException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
