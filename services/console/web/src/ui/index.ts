/** The shared components. `PlanView`, `Chart` and `EventList` are imported from their own files. */
export { Badge, Mark, type Tone } from "./Badge";
export { Button, ButtonLink, type ButtonProps } from "./Button";
export { Dialog } from "./Dialog";
export { EmptyState } from "./EmptyState";
export { ErrorNote } from "./ErrorNote";
export { Checkbox, type Choice, NumberField, Radios, Select, Switch, TextField } from "./fields";
export { Icon, type IconName } from "./Icon";
export { KeyFigure, KeyFigures } from "./KeyFigure";
export { PageHead } from "./PageHead";
export { Panel } from "./Panel";
export { Progress } from "./Progress";
export { Quantity } from "./Quantity";
export { SignalLamp } from "./SignalLamp";
export { Skeleton } from "./Skeleton";
export { type Column, Table } from "./Table";
export { Tabs } from "./Tabs";
export { Since, Time } from "./Time";
