# fish --no-config complete.fish SCRIPT LINE...: prints what fish offers when Tab is pressed behind each LINE, one a line, and ---- after each.
source $argv[1]; or exit
for line in $argv[2..]
    complete -C$line
    echo ----
end
