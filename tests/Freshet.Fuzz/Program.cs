using Freshet.Fuzz;

if (FuzzOptions.Parse(args) is not FuzzOptions options)
{
    Console.Error.WriteLine(FuzzOptions.Usage);
    return 2;
}

IFuzzTarget[] targets = [.. FuzzTargets.All.Where(target => options.Target == "all" || target.Name == options.Target)];
if (targets.Length == 0)
{
    Console.Error.WriteLine($"There is no target '{options.Target}'; there are: {string.Join(", ", FuzzTargets.All.Select(target => target.Name))}.");
    return 2;
}

bool good = true;
foreach (IFuzzTarget target in targets)
    good &= new FuzzRun(target, options).Execute();
return good ? 0 : 1;
