namespace Freshet.Fuzz;

/// <summary>The program itself, called in the context in which the engine counts its edges.</summary>
internal static class Fuzzer
{
    public static int Run(string[] args)
    {
        if (FuzzOptions.Parse(args) is not FuzzOptions options)
        {
            Console.Error.WriteLine(FuzzOptions.Usage);
            return 2;
        }

        IFuzzTarget[] targets = [.. FuzzTargets.All.Where(target => options.Target == "all" || target.Name == options.Target)];
        if (targets.Length == 0)
        {
            string names = string.Join(", ", FuzzTargets.All.Select(target => target.Name));
            Console.Error.WriteLine($"There is no target '{options.Target}'; the targets are: {names}.");
            return 2;
        }

        // This is printed first, since a run that dies without a word cannot print it any more.
        Console.WriteLine(options.Replay ? "Replaying the corpus." : $"Seed {options.Seed}.");
        bool good = true;
        foreach (IFuzzTarget target in targets)
            good &= new FuzzRun(target, options).Execute();
        return good ? 0 : 1;
    }
}
